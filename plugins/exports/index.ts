import type { Pack } from '../sdk/index.ts';
import { weightsExporter } from './weights.ts';

/** Finished runs for other programs. */
export const pack: Pack = { name: 'exports', nodes: [], exporters: [weightsExporter] };
