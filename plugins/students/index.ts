import type { Pack } from '../sdk/index.ts';
import { reducedResNet18 } from './reduced-resnet18.ts';
import { residualStudent } from './residual.ts';

/** Networks that are trained to give a teacher's features. Mirrors of a teacher come with the teacher. */
export const pack: Pack = { name: 'students', nodes: [residualStudent, reducedResNet18] };
