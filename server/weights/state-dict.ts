/** An array of numbers as files have it, row-major. */
export interface StateTensor {
  shape: readonly number[];
  data: Float32Array;
}

/** Named arrays, in the order of the file. */
export type StateDict = Map<string, StateTensor>;

/** Bytes of one array that are read at most: ten times the largest of any backbone, and what one allocation can hold. */
export const largestArray = 2 ** 31;

/** Numbers in an array of this shape. */
export function countOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** `64×3×7×7`; `scalar` where there are no sides. */
export function describeShape(shape: readonly number[]): string {
  return shape.length ? shape.join('×') : 'scalar';
}
