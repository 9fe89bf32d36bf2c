import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Folder, Layout, LayoutContext } from '../../../plugins/sdk/index.ts';
import { listFolder } from '../../data/folder.ts';
import type { Understood } from '../../data/more-layouts.ts';
import { doErrand, type Tell } from '../../processes/errand.ts';
import { loadPlugin } from '../load.ts';
import { mustBeCategories } from './category-forms.ts';
import type { LayoutSource } from './layout-sources.ts';
import { layoutFailed } from './read-apart.ts';

/** What a process that has layouts of plugins is ordered. */
export interface LayoutOrder {
  sources: readonly LayoutSource[];
  root: string;
  /** The layout that is to read the folder; the first that recognises it where null. */
  named: string | null;
  validationFolder: string;
}

/** Whose code is about to run. */
export interface LayoutNews {
  plugin: string;
  layout?: string;
  doing: 'load' | 'recognise a folder' | 'read a folder';
}

doErrand<LayoutOrder, LayoutNews, Understood | null>(async ({ sources, root, named, validationFolder }, tell) => {
  const folder = await listFolder(root);
  const context: LayoutContext = { validationFolder, text: (path) => readFile(join(root, path), 'utf8').catch(() => null) };
  for (const { entry } of sources) {
    const plugin = entry.name;
    const { packs } = await within(root, { plugin, doing: 'load' }, tell, () => loadPlugin(entry));
    for (const layout of packs.flatMap(({ layouts = [] }) => layouts)) {
      if (named !== null && layout.name !== named) continue;
      const { name } = layout;
      if (named === null && !(await within(root, { plugin, layout: name, doing: 'recognise a folder' }, tell, () => recognises(layout, folder)))) continue;
      const read = { plugin, layout: name, doing: 'read a folder' } as const;
      return { layout: name, files: await within(root, read, tell, async () => mustBeCategories(await layout.read(structuredClone(folder), context), folder)) };
    }
  }
  return null;
});

/** A layout has a copy of its own: what it does to it meets no other one. */
function recognises(layout: Layout, folder: Folder): boolean {
  const found: unknown = layout.detects(structuredClone(folder));
  if (typeof found === 'boolean') return found;
  throw new Error(`expected detects to give true or false, found ${typeof found}`);
}

async function within<T>(root: string, at: LayoutNews, tell: Tell<LayoutNews>, work: () => T | Promise<T>): Promise<T> {
  tell(at, true);
  try {
    return await work();
  } catch (cause) {
    throw layoutFailed(root, at, cause instanceof Error ? cause.message : String(cause), cause);
  }
}
