import type { Pack } from 'stillroom/sdk';
import { regionOverlap } from './region-overlap.ts';

/** Variants of the per-region overlap. */
export const pack: Pack = { name: 'pro-curves', nodes: [regionOverlap] };
