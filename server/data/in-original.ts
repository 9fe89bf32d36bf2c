import type { Size } from '../../plugins/sdk/images.ts';
import type { Inspection } from './inspection.ts';

/** A value for every pixel of a rectangle, row-major. */
export interface ValueMap {
  data: Float32Array;
  size: Size;
}

/**
 * A map of what was inspected, in the coordinates of the original image brought to `size` (its own, or one to draw it
 * in): bilinear with half-pixel centres, NaN where nothing was inspected. `rows` limits it to some rows of that.
 */
export function inOriginal(
  map: ValueMap,
  { scaled, inspected }: Pick<Inspection, 'scaled' | 'inspected'>,
  size: Size,
  rows: { from: number; to: number } = { from: 0, to: size[0] },
): Float32Array {
  const down = positions(size[0], scaled[0], inspected.top, inspected.height, map.size[0]);
  const across = positions(size[1], scaled[1], inspected.left, inspected.width, map.size[1]);
  const width = size[1];
  const out = new Float32Array((rows.to - rows.from) * width).fill(NaN);
  for (let y = rows.from; y < rows.to; y++) {
    const upper = down.index[y]!;
    if (upper < 0) continue;
    const lower = Math.min(upper + 1, map.size[0] - 1);
    const v = down.share[y]!;
    const [a, b] = [upper * map.size[1], lower * map.size[1]];
    const line = (y - rows.from) * width;
    for (let x = 0; x < width; x++) {
      const left = across.index[x]!;
      if (left < 0) continue;
      const right = Math.min(left + 1, map.size[1] - 1);
      const h = across.share[x]!;
      const above = map.data[a + left]! * (1 - h) + map.data[a + right]! * h;
      out[line + x] = v === 0 ? above : above * (1 - v) + (map.data[b + left]! * (1 - h) + map.data[b + right]! * h) * v;
    }
  }
  return out;
}

/** A map at another size, bilinear with half-pixel centres. */
export function resizeMap(map: ValueMap, size: Size): Float32Array {
  if (map.size[0] === size[0] && map.size[1] === size[1]) return map.data;
  const [height, width] = map.size;
  return inOriginal(map, { scaled: map.size, inspected: { top: 0, left: 0, height, width } }, size);
}

/** Which pixels of a map the pixels of a side lie between, −1 where they lie outside, and how far they are from the first. */
function positions(
  length: number,
  scaled: number,
  first: number,
  inspected: number,
  mapLength: number,
): { index: Int32Array; share: Float64Array } {
  const index = new Int32Array(length).fill(-1);
  const share = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const at = ((i + 0.5) * scaled) / length - first;
    if (at < 0 || at >= inspected) continue;
    const place = Math.min(Math.max((at * mapLength) / inspected - 0.5, 0), mapLength - 1);
    index[i] = Math.floor(place);
    share[i] = place - Math.floor(place);
  }
  return { index, share };
}
