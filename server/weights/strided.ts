/** A view of numbers: where it begins, its sides, and the steps along them, in numbers. A step of 0 repeats. */
export interface StridedView {
  offset: number;
  shape: readonly number[];
  steps: readonly number[];
}

/** The numbers of a view, row-major. */
export function gather({ offset, shape, steps }: StridedView, numbers: Float32Array): Float32Array {
  const count = shape.reduce((a, b) => a * b, 1);
  if (isRowMajor(shape, steps)) return numbers.subarray(offset, offset + count);
  const result = new Float32Array(count);
  const index = shape.map(() => 0);
  let from = offset;
  for (let to = 0; to < count; to++) {
    result[to] = numbers[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= steps[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}

/** Steps of an array whose first side moves fastest, as Fortran lays it out. */
export function columnMajorSteps(shape: readonly number[]): number[] {
  let step = 1;
  return shape.map((side) => {
    const own = step;
    step *= side;
    return own;
  });
}

function isRowMajor(shape: readonly number[], steps: readonly number[]): boolean {
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && steps[axis] !== step) return false;
    step *= shape[axis]!;
  }
  return true;
}
