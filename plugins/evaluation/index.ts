import type { Pack } from '../sdk/index.ts';
import { detection } from './detection.ts';
import { localisation } from './localisation.ts';
import { socketTypes } from './socket-types.ts';

/** Where predictions end, and what is measured on them. */
export const pack: Pack = { name: 'evaluation', nodes: [detection, localisation], socketTypes };
