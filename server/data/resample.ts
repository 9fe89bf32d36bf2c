/** Where a crop lies in a resized image, px. */
export interface Window {
  top: number;
  left: number;
  height: number;
  width: number;
}

/** Interleaved 8-bit pixels, row-major. */
export interface Pixels {
  data: Uint8Array;
  height: number;
  width: number;
  channels: number;
}

/** Bits after the point of a coefficient, as in Pillow: products of a sum over 8-bit values stay within 32 bits. */
const precision = 22;
const half = 1 << (precision - 1);

/**
 * Resizes to `height`×`width` with antialiased bilinear interpolation and gives the window of the result: equal to
 * the last bit to Pillow's `Image.resize((width, height), BILINEAR)` followed by `crop`, which torchvision uses.
 * Horizontal pass first, rounded to 8 bits, then the vertical one, as Pillow up to 12; from 13 on it turns the passes
 * round for some sizes, which changes values by 1 of 255. Only what the window needs is computed. RGB in, RGB out.
 */
export function resizeBilinear(from: Pixels, height: number, width: number, window: Window): Uint8Array {
  if (from.height === height && from.width === width) return cutOut(from, window);
  const rows = taps(from.height, height, window.top, window.height);
  const columns = taps(from.width, width, window.left, window.width);
  const firstRow = rows.start[0]!;
  const lastRow = rows.start[window.height - 1]! + rows.count[window.height - 1]!;
  const squeezed = resizeRows(from, columns, firstRow, lastRow);
  return resizeColumns(squeezed, rows, firstRow);
}

function cutOut({ data, width, channels }: Pixels, window: Window): Uint8Array {
  const line = window.width * channels;
  const out = new Uint8Array(window.height * line);
  for (let y = 0; y < window.height; y++) {
    const from = ((window.top + y) * width + window.left) * channels;
    out.set(data.subarray(from, from + line), y * line);
  }
  return out;
}

/** Which source positions an output position weighs, and how: `weight[i * most + t]` belongs to `start[i] + t`. */
interface Taps {
  start: Int32Array;
  count: Int32Array;
  weight: Int32Array;
  most: number;
}

/** Triangle filter, widened by the scale where it shrinks; Pillow's `precompute_coeffs`. */
function taps(from: number, to: number, first: number, length: number): Taps {
  const scale = from / to;
  const support = Math.max(1, scale);
  const most = Math.ceil(support) * 2 + 1;
  const [start, count] = [new Int32Array(length), new Int32Array(length)];
  const weight = new Int32Array(length * most);
  const exact = new Float64Array(most);
  for (let i = 0; i < length; i++) {
    const centre = (first + i + 0.5) * scale;
    const begin = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(from, Math.trunc(centre + support + 0.5));
    let sum = 0;
    for (let t = 0; t < end - begin; t++) {
      const distance = Math.abs((t + begin - centre + 0.5) * (1 / support));
      exact[t] = distance < 1 ? 1 - distance : 0;
      sum += exact[t]!;
    }
    // At the same size the filter falls on one pixel alone, so nothing changes.
    for (let t = 0; t < end - begin; t++) weight[i * most + t] = Math.trunc(0.5 + (exact[t]! / sum) * (1 << precision));
    start[i] = begin;
    count[i] = end - begin;
  }
  return { start, count, weight, most };
}

function resizeRows({ data, width }: Pixels, columns: Taps, firstRow: number, lastRow: number): Pixels {
  const { start, count, weight, most } = columns;
  const height = lastRow - firstRow;
  const out = new Uint8Array(height * start.length * 3);
  let o = 0;
  for (let y = firstRow; y < lastRow; y++) {
    for (let x = 0; x < start.length; x++) {
      let [at, w] = [(y * width + start[x]!) * 3, x * most];
      const end = w + count[x]!;
      // Three sums at once read each weight once: twice as fast as channel by channel.
      let [red, green, blue] = [half, half, half];
      for (; w < end; w++, at += 3) {
        const k = weight[w]!;
        red = (red + Math.imul(data[at]!, k)) | 0;
        green = (green + Math.imul(data[at + 1]!, k)) | 0;
        blue = (blue + Math.imul(data[at + 2]!, k)) | 0;
      }
      out[o++] = red >> precision;
      out[o++] = green >> precision;
      out[o++] = blue >> precision;
    }
  }
  return { data: out, height, width: start.length, channels: 3 };
}

function resizeColumns(from: Pixels, { start, count, weight, most }: Taps, firstRow: number): Uint8Array {
  const { data } = from;
  const line = from.width * from.channels;
  const out = new Uint8Array(start.length * line);
  const sums = new Int32Array(line);
  for (let y = 0; y < start.length; y++) {
    sums.fill(half);
    for (let t = 0; t < count[y]!; t++) {
      const row = (start[y]! - firstRow + t) * line;
      const w = weight[y * most + t]!;
      for (let i = 0; i < line; i++) sums[i] = sums[i]! + Math.imul(data[row + i]!, w);
    }
    for (let i = 0; i < line; i++) out[y * line + i] = sums[i]! >> precision;
  }
  return out;
}

/**
 * Resizes one channel to `height`×`width` with the nearest neighbour and gives the window of the result: equal to
 * Pillow's `Image.resize((width, height), NEAREST)` followed by `crop`.
 */
export function resizeNearest({ data, ...from }: Pixels, height: number, width: number, window: Window): Uint8Array {
  const rows = nearest(from.height, height).subarray(window.top, window.top + window.height);
  const columns = nearest(from.width, width).subarray(window.left, window.left + window.width);
  const out = new Uint8Array(window.height * window.width);
  let o = 0;
  for (const y of rows) for (const x of columns) out[o++] = data[y * from.width + x]!;
  return out;
}

/** Pillow adds the scale up step by step, from the centre of the first pixel; multiplying rounds differently. */
function nearest(from: number, to: number): Int32Array {
  const source = new Int32Array(to);
  const scale = from / to;
  let at = scale / 2;
  for (let i = 0; i < to; i++, at += scale) source[i] = Math.min(from - 1, Math.trunc(at));
  return source;
}
