import { describe, expect, it } from 'vitest';
import { decodeNumbers, encodeHalves } from '../../../server/weights/number-format.ts';

describe('half precision', () => {
  it('of every finite half survives a round trip', () => {
    const bytes = new Uint8Array(2 * 65536);
    const view = new DataView(bytes.buffer);
    for (let half = 0; half < 65536; half++) view.setUint16(2 * half, half, true);
    const again = new DataView(encodeHalves(decodeNumbers('F16', bytes)).buffer);
    const changed: number[] = [];
    for (let half = 0; half < 65536; half++) {
      const isNumber = (half & 0x7c00) !== 0x7c00 || (half & 0x3ff) === 0;
      if (isNumber && again.getUint16(2 * half, true) !== half) changed.push(half);
    }
    expect(changed).toEqual([]);
  });

  it('rounds every value between two halves to the nearer, ties to even', () => {
    const wrong: number[] = [];
    for (let half = 0; half < 0x7bff; half++) {
      const [low, high] = decodeNumbers('F16', Uint8Array.of(half & 255, half >> 8, (half + 1) & 255, (half + 1) >> 8));
      const middle = (low! + high!) / 2;
      const encode = (value: number): number => new DataView(encodeHalves(Float32Array.of(value)).buffer).getUint16(0, true);
      const even = half % 2 === 0 ? half : half + 1;
      if (encode(middle) !== even || encode(middle * (1 - 1e-6)) !== half || encode(middle * (1 + 1e-6)) !== half + 1) {
        wrong.push(half);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('keeps what is no number', () => {
    expect([...decodeNumbers('F16', encodeHalves(Float32Array.of(NaN, -Infinity, 1e9)))]).toEqual([NaN, -Infinity, Infinity]);
  });
});

describe('other formats', () => {
  // From numpy: np.array([…], dtype).tobytes().
  it.each([
    ['F64', '9a9999999999b93f', 0.1],
    ['BF16', 'cd3d', 0.10009765625],
    ['I64', 'feffffffffffffff', -2],
    ['U64', '0000000001000000', 2 ** 32],
    ['I32', 'feffffff', -2],
    ['U32', 'ffffffff', 2 ** 32],
    ['I16', 'feff', -2],
    ['U16', 'ffff', 65535],
    ['I8', 'fe', -2],
    ['U8', 'fe', 254],
    ['BOOL', '01', 1],
  ] as const)('%s', (format, hex, value) => {
    // Behind one byte, so that nothing is aligned.
    const bytes = Uint8Array.from(Buffer.from(`00${hex}`, 'hex')).subarray(1);
    expect([...decodeNumbers(format, bytes)]).toEqual([Math.fround(value)]);
  });
});
