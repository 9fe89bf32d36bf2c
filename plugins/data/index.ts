import type { Pack } from '../sdk/index.ts';
import { datasetNode } from './dataset.ts';
import { normalise } from './normalise.ts';
import { resizeCrop } from './resize-crop.ts';
import { socketTypes } from './socket-types.ts';

/** From files on disk to what a network is fed. */
export const pack: Pack = { name: 'data', nodes: [datasetNode, resizeCrop, normalise], socketTypes };
