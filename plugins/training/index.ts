import type { Pack } from '../sdk/index.ts';
import { fit } from './fit.ts';
import { socketTypes } from './socket-types.ts';

/** How a graph's trainable nodes are fitted. */
export const pack: Pack = { name: 'training', nodes: [fit], socketTypes };
