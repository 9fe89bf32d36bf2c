import type { Pack } from '../../plugins/sdk/index.ts';
import { pack as autoencoders } from '../../plugins/autoencoders/index.ts';
import { pack as data } from '../../plugins/data/index.ts';
import { pack as distillation } from '../../plugins/distillation/index.ts';
import { pack as evaluation } from '../../plugins/evaluation/index.ts';
import { pack as exports } from '../../plugins/exports/index.ts';
import { pack as scoring } from '../../plugins/scoring/index.ts';
import { pack as students } from '../../plugins/students/index.ts';
import { pack as teachers } from '../../plugins/teachers/index.ts';
import { pack as training } from '../../plugins/training/index.ts';

/** The packs that come with Stillroom, in the order in which their nodes are listed. */
export const builtinPacks: readonly Pack[] = [
  data,
  teachers,
  students,
  autoencoders,
  distillation,
  training,
  scoring,
  evaluation,
  exports,
];

/** What a worker imports of a module of packs. */
export { builtinPacks as packs };
