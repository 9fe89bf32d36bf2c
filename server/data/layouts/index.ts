import type { Folder } from '../folder.ts';
import { goodAndDefects } from './good-and-defects.ts';
import type { Layout } from './layout.ts';
import { mvtec, mvtecSet } from './mvtec.ts';
import { plain } from './plain.ts';

/** In the order in which they are tried: the most particular first. */
export const layouts: readonly Layout[] = [mvtec, mvtecSet, goodAndDefects, plain];

export function detectLayout(folder: Folder): Layout | undefined {
  return layouts.find((layout) => layout.detects(folder));
}
