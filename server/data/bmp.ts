/** Size and pixel format of a BMP, as its header tells. */
export interface BmpHeader {
  height: number;
  width: number;
  /** 1, 4, 8 (palette), 16, 24 or 32 bits a pixel. */
  bits: number;
  /** Whether the palette, if there is one, has greys only. */
  grey: boolean;
}

/** A BMP that cannot be decoded; `unsupported` where the file is whole and holds what is not read. */
export class BmpError extends Error {
  readonly unsupported: boolean;
  constructor(message: string, unsupported = false) {
    super(message);
    this.unsupported = unsupported;
  }
}

export function isBmp(start: Uint8Array): boolean {
  return start[0] === 0x42 && start[1] === 0x4d;
}

/** Bytes at the start of a file that `readBmpHeader` looks at: both headers, three colour masks, 256 colours. */
export const bmpHeaderBytes = 14 + 124 + 16 + 1024;

/** How pixels are stored. */
interface Layout extends BmpHeader {
  topDown: boolean;
  compression: number;
  /** Where pixels begin in the file. */
  offset: number;
  /** RGB by index. */
  palette: Uint8Array;
  /** Bits of red, green and blue in a pixel of 16 or 32 bits. */
  masks: readonly number[];
}

const uncompressed = 0;
const rle8 = 1;
const rle4 = 2;
const bitFields = 3;
const alphaBitFields = 6;

/** `file` may be the start of one. Errors: `BmpError`. */
export function readBmpHeader(file: Uint8Array): BmpHeader {
  const { height, width, bits, grey } = layoutOf(file);
  return { height, width, bits, grey };
}

/**
 * Decodes a whole BMP as Pillow does (Windows 3 to 5 and OS/2 headers; 1, 4, 8, 16, 24 and 32 bits, bit fields,
 * RLE4 and RLE8): RGB, 8 bits, row-major, alpha dropped. Too short a file is an error. Errors: `BmpError`.
 */
export function decodeBmp(file: Uint8Array): { data: Uint8Array; height: number; width: number } {
  const layout = layoutOf(file);
  const { height, width, bits, compression, offset, topDown } = layout;
  const isRunLength = compression === rle8 || compression === rle4;
  const line = isRunLength ? width : Math.ceil((bits * width) / 32) * 4;
  if (!isRunLength && file.length < offset + line * height) {
    throw new BmpError(`${file.length} of ${offset + line * height} bytes`);
  }
  const rows = isRunLength ? unpackRuns(file.subarray(offset), layout) : file.subarray(offset);
  const data = new Uint8Array(height * width * 3);
  const writeRow = rowWriter(layout, isRunLength ? 8 : bits);
  for (let y = 0; y < height; y++) {
    const at = (topDown ? y : height - 1 - y) * line;
    writeRow(rows.subarray(at, at + line), data.subarray(y * width * 3, (y + 1) * width * 3));
  }
  return { data, height, width };
}

function layoutOf(file: Uint8Array): Layout {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 26) throw new BmpError(`${file.length} bytes, fewer than a header has`);
  const size = view.getUint32(14, true);
  const isCore = size === 12;
  if (!isCore && (size < 40 || size > 124)) throw new BmpError(`a header of ${size} bytes`);
  if (file.length < 14 + size) throw new BmpError('the end of the file within its header');
  const width = isCore ? view.getUint16(18, true) : view.getInt32(18, true);
  const signedHeight = isCore ? view.getUint16(20, true) : view.getInt32(22, true);
  const bits = view.getUint16(isCore ? 24 : 28, true);
  const compression = isCore ? uncompressed : view.getUint32(30, true);
  const height = Math.abs(signedHeight);
  if (width < 1 || height < 1) throw new BmpError(`a size of ${width}×${signedHeight}`);
  mustBeReadable(bits, compression);
  const hasMasksBehind = size === 40 && (compression === bitFields || compression === alphaBitFields);
  const masks = compression === uncompressed ? usualMasks(bits) : masksOf(view, bits);
  const tableAt = 14 + size + (hasMasksBehind ? (compression === bitFields ? 12 : 16) : 0);
  const colours = isCore || bits > 8 ? 2 ** bits : view.getUint32(46, true) || 2 ** bits;
  const palette = bits > 8 ? new Uint8Array() : paletteAt(file, tableAt, Math.min(colours, 2 ** bits), isCore ? 3 : 4);
  const grey = palette.length > 0 && palette.every((value, i) => value === palette[i - (i % 3)]);
  return { height, width, bits, grey, topDown: signedHeight < 0, compression, offset: view.getUint32(10, true), palette, masks };
}

function mustBeReadable(bits: number, compression: number): void {
  const isPlain = compression === uncompressed && [1, 4, 8, 16, 24, 32].includes(bits);
  const isRuns = (compression === rle8 && bits === 8) || (compression === rle4 && bits === 4);
  const isFields = (compression === bitFields || compression === alphaBitFields) && (bits === 16 || bits === 32);
  if (!isPlain && !isRuns && !isFields) throw new BmpError(`BMP with ${bits} bits and compression ${compression}`, true);
}

function usualMasks(bits: number): number[] {
  return bits === 16 ? [0x7c00, 0x03e0, 0x001f] : [0xff0000, 0x00ff00, 0x0000ff];
}

/** Behind the fields that all headers since Windows 3 share: within the larger ones, behind that of 40 bytes. */
function masksOf(view: DataView, bits: number): number[] {
  if (view.byteLength < 66 || bits < 16) return usualMasks(bits);
  return [54, 58, 62].map((at) => view.getUint32(at, true));
}

function paletteAt(file: Uint8Array, at: number, colours: number, entry: number): Uint8Array {
  const palette = new Uint8Array(colours * 3);
  for (let i = 0; i < colours; i++) {
    const from = at + i * entry;
    for (let channel = 0; channel < 3; channel++) palette[i * 3 + channel] = file[from + 2 - channel] ?? 0;
  }
  return palette;
}

/** Writes one row as RGB. */
function rowWriter(layout: Layout, bits: number): (row: Uint8Array, to: Uint8Array) => void {
  const { palette, masks, width } = layout;
  if (bits <= 8) {
    const perByte = 8 / bits;
    const all = (1 << bits) - 1;
    return (row, to) => {
      for (let x = 0; x < width; x++) {
        const shift = (perByte - 1 - (x % perByte)) * bits;
        const index = ((row[Math.trunc(x / perByte)]! >> shift) & all) * 3;
        for (let channel = 0; channel < 3; channel++) to[x * 3 + channel] = palette[index + channel] ?? 0;
      }
    };
  }
  if (bits === 24) {
    return (row, to) => {
      for (let i = 0; i < width * 3; i += 3) {
        to[i] = row[i + 2]!;
        to[i + 1] = row[i + 1]!;
        to[i + 2] = row[i]!;
      }
    };
  }
  const fields = masks.map(fieldOf);
  const bytes = bits / 8;
  return (row, to) => {
    const view = new DataView(row.buffer, row.byteOffset, row.byteLength);
    for (let x = 0; x < width; x++) {
      const pixel = bytes === 2 ? view.getUint16(x * 2, true) : view.getUint32(x * 4, true);
      for (let channel = 0; channel < 3; channel++) {
        const { shift, most } = fields[channel]!;
        // Rounded down, as Pillow widens 5 and 6 bits to 8.
        to[x * 3 + channel] = most === 255 ? (pixel >>> shift) & 255 : Math.trunc((((pixel >>> shift) & most) * 255) / most);
      }
    }
  };
}

function fieldOf(mask: number): { shift: number; most: number } {
  if (mask === 0) return { shift: 0, most: 1 };
  const shift = 31 - Math.clz32(mask & -mask);
  return { shift, most: mask >>> shift };
}

/** Indices of an RLE4 or RLE8 bitmap, one a byte, rows as stored; what no run reaches has index 0. */
function unpackRuns(data: Uint8Array, { height, width, compression }: Layout): Uint8Array {
  const out = new Uint8Array(height * width);
  const isHalf = compression === rle4;
  let [x, y, at] = [0, 0, 0];
  const put = (index: number): void => {
    if (x < width && y < height) out[y * width + x] = index;
    x++;
  };
  const next = (): number => {
    const value = data[at++];
    if (value === undefined) throw new BmpError(`the end of the file in row ${y + 1} of ${height}`);
    return value;
  };
  for (;;) {
    // Some writers leave the mark of the end out.
    if (at >= data.length && (y >= height || (y === height - 1 && x >= width))) return out;
    const [count, value] = [next(), next()];
    if (count > 0) {
      for (let i = 0; i < count; i++) put(isHalf ? (i % 2 ? value & 15 : value >> 4) : value);
    } else if (value === 0) {
      [x, y] = [0, y + 1];
    } else if (value === 1) {
      return out;
    } else if (value === 2) {
      x += next();
      y += next();
    } else {
      let pair = 0;
      for (let i = 0; i < value; i++) {
        if (!isHalf || i % 2 === 0) pair = next();
        put(isHalf ? (i % 2 ? pair & 15 : pair >> 4) : pair);
      }
      // Padded to whole words.
      if (Math.ceil(isHalf ? value / 2 : value) % 2) at++;
    }
  }
}
