import type { Folder, Layout } from '../../../plugins/sdk/layout.ts';
import { btad } from './btad.ts';
import { dagm } from './dagm.ts';
import { goodAndDefects } from './good-and-defects.ts';
import { kolektorSdd2 } from './kolektor-sdd2.ts';
import { mvtecLoco } from './mvtec-loco.ts';
import { mvtec, mvtecSet } from './mvtec.ts';
import { plain } from './plain.ts';
import { tilda } from './tilda.ts';
import { visa } from './visa.ts';

/** In the order in which they are tried: the most particular first. */
export const layouts: readonly Layout[] = [visa, dagm, kolektorSdd2, mvtecLoco, btad, mvtec, mvtecSet, tilda, goodAndDefects, plain];

export function detectLayout(folder: Folder): Layout | undefined {
  return layouts.find((layout) => layout.detects(folder));
}

export function layoutNamed(name: string): Layout | undefined {
  return layouts.find((layout) => layout.name === name);
}
