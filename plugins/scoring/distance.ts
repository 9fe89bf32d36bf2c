import {
  defineNode,
  distanceForm,
  distanceMap,
  features,
  inferMatch,
  map,
  matching,
  matchTeacher,
  type Signals,
} from '../sdk/index.ts';

/** `features` `[h, w, C]` of teacher and student to a `map` `[h, w, 1]` of how far they are apart, 0 where equal. */
export const distance = defineNode({
  type: 'scoring/distance',
  version: 1,
  title: 'Distance map',
  summary: "How far the student's features are from the teacher's at each position: one layer's anomaly map.",
  category: 'scoring',
  cite: 'Thomine & Snoussi 2024, Eq. 1 (squared L2, L2), Eq. 4 (cosine), Table 8 (MSE)',
  params: {
    form: distanceForm({ default: 'cosine' }),
    match: matching({ default: 'strict' }),
  },
  inputs: { teacher: features(), student: features() },
  outputs: { map: map() },
  infer({ teacher, student }, { match }, ctx): Signals {
    const matched = inferMatch(teacher!, student!, match, ctx);
    if (!matched) return {};
    const [h = 0, w = 0, channels = 0] = matched.shape;
    // Two norms and the distance itself: about three multiply-adds a channel.
    ctx.cost({ multiplyAdds: 3 * h * w * channels, activationBytes: 4 * h * w * (3 * channels + 1) });
    return { map: { ...matched, type: 'map', shape: [h, w, 1] } };
  },
  build({ tf, kernels }, { form }) {
    return ({ teacher, student }) => ({
      map: distanceMap(tf, kernels, matchTeacher(tf, teacher!, student!), student!, form),
    });
  },
});
