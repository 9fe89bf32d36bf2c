import { describe, expect, it } from 'vitest';
import { readNpy } from '../../../client/preview/raw-value.ts';
import { npyHeader } from '../../../server/predict/npy-header.ts';

function npy(shape: readonly number[], values: readonly number[]): ArrayBuffer {
  const bytes = Buffer.concat([npyHeader(shape), new Uint8Array(new Float32Array(values).buffer)]);
  return Uint8Array.from(bytes).buffer;
}

describe('values as they are', () => {
  it('are read with their shape', () => {
    expect(readNpy(npy([1, 2, 3], [1, 2, 3, 4, 5, 6.5]))).toEqual({ shape: [1, 2, 3], data: new Float32Array([1, 2, 3, 4, 5, 6.5]) });
    expect(readNpy(npy([], [7]))).toEqual({ shape: [], data: new Float32Array([7]) });
    expect(readNpy(npy([4], [0, 1, 2, 3])).shape).toEqual([4]);
  });

  it('are refused where they are other numbers than float32', () => {
    const other = Buffer.from(new Uint8Array(npy([2], [1, 2]))).toString('latin1').replace('<f4', '<f8');
    expect(() => readNpy(Uint8Array.from(Buffer.from(other, 'latin1')).buffer)).toThrow(/expected float32 numbers, found .*<f8/);
  });
});
