import type { Colour, Picture } from '../picture.ts';
import type { Random } from '../../../../plugins/sdk/random.ts';
import type { Weave } from './weave.ts';

/** Side of every demo image, px. */
export const SIDE = 256;

/** One sound piece of a surface, all its chances drawn. */
export interface Specimen {
  /** Paints it; the same picture each time. Where it is woven, `fault` edits a copy of the threads first. */
  paint(fault?: (weave: Weave) => void): Picture;
  /** Threads or wires, where the surface is made of them. */
  weave?: Weave;
  /** What a hole bares, and the rim that tearing raises. */
  beneath: Colour;
  rim: Colour;
  /** Colour of the loose fibres at a torn edge, where its threads are spun. */
  fibre?: Colour;
}

export type Surface = (random: Random) => Specimen;
