/** How far two features are apart at one position. */
export interface Gap {
  /** Lengths of the vectors. */
  teacherNorm: number;
  studentNorm: number;
  /** Of the angle between them, −1 to 1. */
  cosine: number;
  /** Length of the difference, as they are. */
  euclidean: number;
  /** Half the squared length of the difference once both have length 1, which is 1 − cosine. */
  distance: number;
  /** Those that differ most once both have length 1, the largest first, with the share that each has in the squared difference. */
  channels: { channel: number; teacher: number; student: number; share: number }[];
}

/** Shorter ones have no direction. */
const least = 1e-12;

/** Of vectors of one length. */
export function gapOf(teacher: Float32Array, student: Float32Array, most = 8): Gap {
  const [teacherNorm, studentNorm] = [normOf(teacher), normOf(student)];
  const [a, b] = [unit(teacher, teacherNorm), unit(student, studentNorm)];
  const squares = Float64Array.from(a, (value, c) => (value - b[c]!) ** 2);
  const total = squares.reduce((sum, one) => sum + one, 0);
  const order = [...squares.keys()].sort((p, q) => squares[q]! - squares[p]! || p - q).slice(0, most);
  return {
    teacherNorm,
    studentNorm,
    cosine: a.reduce((sum, value, c) => sum + value * b[c]!, 0),
    euclidean: Math.sqrt(teacher.reduce((sum, value, c) => sum + (value - student[c]!) ** 2, 0)),
    distance: total / 2,
    channels: order.map((channel) => ({ channel, teacher: a[channel]!, student: b[channel]!, share: total > 0 ? squares[channel]! / total : 0 })),
  };
}

export function normOf(vector: ArrayLike<number>): number {
  let sum = 0;
  for (let c = 0; c < vector.length; c++) sum += vector[c]! ** 2;
  return Math.sqrt(sum);
}

export const unit = (vector: Float32Array, norm = normOf(vector)): Float64Array => Float64Array.from(vector, (value) => (norm > least ? value / norm : 0));

/** The features at one position of `[h, w, C]`. */
export function vectorAt(data: Float32Array, [, width, channels]: readonly [number, number, number], { row, column }: { row: number; column: number }): Float32Array {
  const at = (row * width + column) * channels;
  return data.subarray(at, at + channels);
}
