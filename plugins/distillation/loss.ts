import {
  choice,
  defineNode,
  distanceForm,
  distanceMap,
  features,
  inferMatch,
  integer,
  loss,
  numbers,
  type Signals,
  type Socket,
} from '../sdk/index.ts';

/** The pairs of a loss, from 1. */
const pairs = (layers: number): number[] => Array.from({ length: layers }, (_, i) => i + 1);

/**
 * How far students are from their teachers, over several layers (Eq. 1–3): `teacherK` and `studentK`
 * `[h_K, w_K, C_K]` to one loss, the distance averaged over the positions of a layer and the images of a batch.
 */
export const distillationLoss = defineNode({
  type: 'distillation/loss',
  version: 1,
  title: 'Distillation loss',
  summary:
    'Distance of each student feature to its teacher\'s, averaged over positions, weighed and averaged over layers. ' +
    'For an autoencoder module the teacher\'s feature and its reconstruction are the pair.',
  category: 'distillation',
  cite: 'Thomine & Snoussi 2024, Eq. 1–3',
  params: {
    layers: integer({ default: 2, min: 1, max: 6, help: 'Number of pairs of a teacher\'s and a student\'s features.' }),
    form: distanceForm({ default: 'squared-l2' }),
    alpha: numbers({ default: [], min: 0, help: 'Weight α of each layer; empty for 1 each.' }),
    over: choice({
      default: 'mean',
      options: { mean: 'mean over layers', sum: 'sum over layers (Eq. 3 as printed)' },
      help: 'How the weighed losses of the layers become one. Under Adam both fit alike.',
    }),
  },
  inputs: ({ layers }) =>
    Object.fromEntries(
      pairs(layers).flatMap((k): [string, Socket][] => [
        [`teacher${k}`, features({ title: `teacher ${k}` })],
        [`student${k}`, features({ title: `student ${k}` })],
      ]),
    ),
  outputs: { loss: loss() },
  infer(inputs, { layers, alpha }, ctx): Signals {
    let fits = true;
    if (alpha.length !== 0 && alpha.length !== layers) {
      fits = false;
      ctx.problem({
        code: 'wrong-length',
        field: 'alpha',
        message: `expected ${layers} weights, one a layer, found ${alpha.length}`,
        hint: 'leave `alpha` empty for 1 each',
      });
    }
    for (const k of pairs(layers)) {
      const compared = inferMatch(inputs[`teacher${k}`]!, inputs[`student${k}`]!, 'strict', ctx, {
        teacher: `teacher${k}`,
        student: `student${k}`,
        poolHint: 'put a "Pool features" node after the teacher',
      });
      if (!compared) {
        fits = false;
        continue;
      }
      const [height = 0, width = 0, channels = 0] = compared.shape;
      ctx.cost({ multiplyAdds: 4 * height * width * channels, activationBytes: 4 * height * width });
    }
    return fits ? { loss: { type: 'loss', shape: [] } } : {};
  },
  build({ tf, kernels }, { layers, form, alpha, over }) {
    return (inputs) => {
      const weighed = pairs(layers).map((k) => {
        const distance = distanceMap(tf, kernels, inputs[`teacher${k}`]!, inputs[`student${k}`]!, form);
        return tf.mul(tf.mean(distance), alpha[k - 1] ?? 1);
      });
      const sum = tf.addN(weighed);
      return { loss: over === 'mean' ? tf.div(sum, layers) : sum };
    };
  },
});
