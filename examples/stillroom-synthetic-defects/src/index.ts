import type { Pack } from 'stillroom/sdk';
import { paint } from './paint.ts';

/** Defects painted into images of good parts. */
export const pack: Pack = { name: 'synthetic-defects', nodes: [paint] };
