import type { Pack } from '../sdk/index.ts';
import { combine } from './combine.ts';
import { distance } from './distance.ts';
import { maximum } from './maximum.ts';
import { normaliseMap } from './normalise.ts';
import { smooth } from './smooth.ts';
import { socketTypes } from './socket-types.ts';

/** From features to anomaly maps, and from maps to anomaly scores. */
export const pack: Pack = { name: 'scoring', nodes: [distance, combine, smooth, normaliseMap, maximum], socketTypes };
