import type { Random } from '../../../../plugins/sdk/random.ts';
import { between } from '../chance.ts';
import type { Picture } from '../picture.ts';
import type { Specimen } from '../surfaces/surface.ts';
import type { Weave } from '../surfaces/weave.ts';

/** 1 seen at a glance, 2 seen when looked for, 3 barely seen. */
export type Difficulty = 1 | 2 | 3;

/** The piece that is to be spoilt. */
export interface Site {
  specimen: Specimen;
  /** Its sound picture, to match colours by. */
  sound: Picture;
  difficulty: Difficulty;
  /** Counts the defects of one kind, so that the forms it has can take turns. */
  variant: number;
  random: Random;
}

/** What spoils it: threads laid wrongly, or something done to the surface, or both. */
export interface Alteration {
  /** What was drawn, for the record: px, turns (1 = full circle), shares 0–1. */
  parameters: Record<string, number | string>;
  fault?(weave: Weave): void;
  overlay?(picture: Picture): void;
}

export type Defect = (site: Site) => Alteration;

/** Defects keep this far from the border, px, so that a centre crop of 224 of 256 has them. */
const MARGIN = 48;

export function drawMiddle(random: Random, side: number): { x: number; y: number } {
  return { x: between(random, MARGIN, side - MARGIN), y: between(random, MARGIN, side - MARGIN) };
}
