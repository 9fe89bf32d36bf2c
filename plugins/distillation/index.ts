import type { Pack } from '../sdk/index.ts';
import { distillationLoss } from './loss.ts';
import { poolFeatures } from './pool.ts';
import { socketTypes } from './socket-types.ts';

/** How a student is held to its teacher. */
export const pack: Pack = { name: 'distillation', nodes: [distillationLoss, poolFeatures], socketTypes };
