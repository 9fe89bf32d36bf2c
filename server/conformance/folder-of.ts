import type { Folder } from '../../plugins/sdk/index.ts';
import { byCodeUnits } from '../data/order.ts';

/** The folder that has files of these paths, as a listing of the disk gives it. */
export function folderOf(name: string, paths: readonly string[], path = ''): Folder {
  const below = new Map<string, string[]>();
  const files: string[] = [];
  for (const one of paths) {
    const slash = one.indexOf('/');
    if (slash < 0) files.push(one);
    else below.set(one.slice(0, slash), [...(below.get(one.slice(0, slash)) ?? []), one.slice(slash + 1)]);
  }
  const folders = [...below].sort(([a], [b]) => byCodeUnits(a, b)).map(([inner, rest]) => folderOf(inner, rest, `${path}${inner}/`));
  return { name, path, folders, files: files.sort(byCodeUnits) };
}
