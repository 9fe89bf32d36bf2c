import { colourShift } from './colour-shift.ts';
import { contamination } from './contamination.ts';
import type { Defect } from './defect.ts';
import { hole } from './hole.ts';
import { misweave } from './misweave.ts';
import { scratch } from './scratch.ts';
import { stain } from './stain.ts';

/** Named as their folders are. */
export const defects = {
  hole,
  stain,
  scratch,
  misweave,
  'colour-shift': colourShift,
  contamination,
} satisfies Record<string, Defect>;

export type DefectName = keyof typeof defects;
