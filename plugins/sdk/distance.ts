import type { Kernels, Tensor, Tf } from './node.ts';
import { choice, type Param } from './params.ts';

/**
 * How far a student's features are from its teacher's at a position. `norm` is L2 normalisation over channels.
 *
 * - `squared-l2`: ½‖norm(t) − norm(s)‖², 0–2 (Thomine & Snoussi 2024, Eq. 1, squared as in the authors' code)
 * - `l2`: ½‖norm(t) − norm(s)‖, 0–1 (Eq. 1 as printed)
 * - `cosine`: 1 − cos(t, s), 0–2 (Eq. 4); equal to `squared-l2` wherever neither vector is zero, 1 where one is
 * - `mse`: squared difference of the raw features, averaged over channels (Table 8)
 */
export type DistanceForm = 'squared-l2' | 'l2' | 'cosine' | 'mse';

/** The parameter that chooses a form. */
export function distanceForm(options: { default: DistanceForm }): Param<DistanceForm> {
  return choice<DistanceForm>({
    default: options.default,
    options: {
      'squared-l2': 'squared L2 of normalised features: ½‖t − s‖²',
      l2: 'L2 of normalised features: ½‖t − s‖',
      cosine: 'cosine: 1 − cos(t, s)',
      mse: 'mean squared error of raw features',
    },
    help: 'How far two feature vectors are from each other.',
  });
}

/** Inside every root, so that zero vectors and equal vectors have gradients: a norm of 1e-6, far below features'. */
const epsilon = 1e-12;

/**
 * Distance at each position, never negative: teacher and student `[N,h,w,C]` → `[N,h,w,1]`. Finite, with a finite
 * gradient, for zero vectors and for equal ones.
 */
export function distanceMap(tf: Tf, kernels: Kernels, teacher: Tensor, student: Tensor, form: DistanceForm): Tensor {
  if (form === 'mse') return tf.mean(tf.squaredDifference(teacher, student), 3, true);
  const t = normalised(tf, teacher);
  const s = normalised(tf, student);
  // Rounding may take a cosine above 1; a distance below 0 would turn a product of maps over.
  if (form === 'cosine') return kernels.relu(tf.sub(1, tf.sum(tf.mul(t, s), 3, true)));
  const squared = tf.sum(tf.squaredDifference(t, s), 3, true);
  return tf.mul(form === 'l2' ? tf.sqrt(tf.add(squared, epsilon)) : squared, 0.5);
}

/** L2 normalisation over channels; a zero vector stays zero. */
function normalised(tf: Tf, x: Tensor): Tensor {
  return tf.div(x, tf.sqrt(tf.add(tf.sum(tf.square(x), 3, true), epsilon)));
}
