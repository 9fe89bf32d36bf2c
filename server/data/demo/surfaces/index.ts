import type { Picture } from '../picture.ts';
import type { Random } from '../../../../plugins/sdk/random.ts';
import { grid } from './grid.ts';
import { leather } from './leather.ts';
import type { Surface } from './surface.ts';
import { textile } from './textile.ts';
import { tile } from './tile.ts';
import { wood } from './wood.ts';

export const surfaces = { textile, leather, wood, tile, grid } satisfies Record<string, Surface>;

export type Category = keyof typeof surfaces;

/** A sound surface before a camera sees it: RGB, 0–1, 256×256. */
export function renderSurface(category: Category, random: Random): Picture {
  return surfaces[category](random).paint();
}
