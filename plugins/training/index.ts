import type { Pack } from '../sdk/index.ts';
import { fit } from './fit.ts';
import { adam, adamw } from './optimisers/adam.ts';
import { sgd } from './optimisers/sgd.ts';
import { constant } from './schedules/constant.ts';
import { oneCycle } from './schedules/one-cycle.ts';
import { plateau } from './schedules/plateau.ts';
import { socketTypes } from './socket-types.ts';

/** How a graph's trainable nodes are fitted. */
export const pack: Pack = { name: 'training', nodes: [fit], optimisers: [adam, adamw, sgd], schedules: [constant, plateau, oneCycle], socketTypes };
