import type { Pack } from '../sdk/index.ts';
import { autoencoderModule } from './module.ts';

/** Networks that reconstruct a teacher's features. */
export const pack: Pack = { name: 'autoencoders', nodes: [autoencoderModule] };
