import type { HostTensor } from '../../plugins/sdk/index.ts';

export type HostTensors = Record<string, HostTensor>;

/**
 * How two results of a node differ, in words; undefined where they do not.
 * @param tolerance of the largest magnitude of a tensor
 */
export function difference(a: HostTensors, b: HostTensors, tolerance: number): string | undefined {
  for (const [socket, { shape, data }] of Object.entries(a)) {
    const other = b[socket];
    if (!other) return `"${socket}" is missing`;
    if (other.shape.join() !== shape.join()) return `"${socket}" is [${shape.join(', ')}] and [${other.shape.join(', ')}]`;
    let [largest, apart] = [0, 0];
    for (let i = 0; i < data.length; i++) {
      const [x, y] = [data[i]!, other.data[i]!];
      if (Object.is(x, y)) continue;
      if (Math.abs(x) > largest) largest = Math.abs(x);
      const by = Math.abs(x - y);
      if (Number.isNaN(by)) return `"${socket}" has ${x} and ${y} at a place`;
      if (by > apart) apart = by;
    }
    if (apart > tolerance * Math.max(largest, Number.MIN_VALUE)) return `"${socket}" differs by ${apart.toPrecision(2)}`;
  }
  return undefined;
}
