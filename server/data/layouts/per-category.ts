import type { CategoryFiles, Folder, Layout, LayoutContext } from '../../../plugins/sdk/layout.ts';

/** How one category of a set is laid out. `parent` is the folder that it lies in, undefined where it is the root. */
export interface CategoryLayout {
  name: string;
  title: string;
  isCategory(folder: Folder): boolean;
  readCategory(folder: Folder, around: LayoutContext, parent: Folder | undefined): CategoryFiles | Promise<CategoryFiles>;
}

/** How far below the root categories are looked for: a set may lie in a folder of its name, as archives unpack. */
const deepest = 2;

/** A layout of one category, or of folders of such categories. */
export function perCategory({ name, title, isCategory, readCategory }: CategoryLayout): Layout {
  const find = (folder: Folder, parent: Folder | undefined, depth: number): [Folder, Folder | undefined][] => {
    if (isCategory(folder)) return [[folder, parent]];
    return depth < deepest ? folder.folders.flatMap((below) => find(below, folder, depth + 1)) : [];
  };
  return {
    name,
    title,
    detects: (folder) => find(folder, undefined, 0).length > 0,
    async read(folder, around) {
      const found = await Promise.all(find(folder, undefined, 0).map(([category, parent]) => readCategory(category, around, parent)));
      const isTaken = (wanted: string): boolean => found.filter((other) => other.name === wanted).length > 1;
      return found.map((files) => (isTaken(files.name) ? { ...files, name: files.folder.slice(0, -1) } : files));
    },
  };
}
