import { type CategoryFiles, type Folder, foldersIn, imagesIn, type Layout, type TestFile } from '../../../plugins/sdk/layout.ts';
import { holdOut } from './hold-out.ts';
import { stem } from './masks.ts';
import { isNormalName, ownValidation } from './normal-names.ts';

/**
 * TILDA (Workgroup on Texture Analysis of the DFG, 1996): textiles c1 to c4 in two kinds r1 to r3 each, e0 without
 * defects, e1 to e7 with. The folders come as c1/r1/e0/*.tif, as c1r1e0/*.tif, or all images in one folder, named
 * c1r1e0n1.tif. It has no masks and no split.
 */
export const tilda: Layout = {
  name: 'tilda',
  title: 'TILDA: c1r1e0n1.tif, or folders c1/r1/e0, e0 being without defects',
  detects: (folder) => !foldersIn(folder).some(({ name }) => isNormalName(name)) && placed(folder).length > 0,
  read(folder, { validationFolder }) {
    const textiles = new Map<string, Placed[]>();
    for (const image of placed(folder)) textiles.set(image.textile, [...(textiles.get(image.textile) ?? []), image]);
    return [...textiles].map(([textile, images]): CategoryFiles => {
      const { train, test, notes } = holdOut(images.filter(({ defect }) => defect === 'e0').map(({ path }) => path));
      const defective = images.filter(({ defect }) => defect !== 'e0');
      return {
        name: textile || folder.name,
        folder: textiles.size > 1 ? `${commonFolder(images.map(({ path }) => path))}` : '',
        train,
        ...ownValidation(folder, validationFolder),
        test: [...test, ...defective.map(({ path, defect }): TestFile => ({ path, defect, masks: [] }))],
        orphanMasks: [],
        normalFolder: `${textile}e0`,
        notes,
      };
    });
  },
};

interface Placed {
  path: string;
  /** `c1r1`; empty where neither name nor folders say it. */
  textile: string;
  /** `e0` to `e7`. */
  defect: string;
}

const inName = /^(c\d+r\d+)(e\d+)(?:n\d+|[^a-z0-9]|$)/i;

/** Images whose name or folders say what is on them. */
function placed(folder: Folder): Placed[] {
  return foldersIn(folder)
    .flatMap(imagesIn)
    .flatMap((path): Placed[] => {
      const name = inName.exec(stem(path));
      if (name) return [{ path, textile: name[1]!.toLowerCase(), defect: name[2]!.toLowerCase() }];
      const folders = path.toLowerCase().split('/').slice(0, -1);
      const together = /^((?:c\d+r\d+)?)(e\d+)$/.exec(folders.filter((part) => /^(?:[cre]\d+)+$/.test(part)).join(''));
      return together ? [{ path, textile: together[1]!, defect: together[2]! }] : [];
    });
}

/** The deepest folder that holds all of these, with `/` at its end. */
function commonFolder(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => path.split('/').slice(0, -1));
  let depth = 0;
  while (depth < first.length && others.every((parts) => parts[depth] === first[depth])) depth++;
  return first
    .slice(0, depth)
    .map((part) => `${part}/`)
    .join('');
}
