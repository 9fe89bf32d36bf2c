import { StillroomError, type Problem } from '../../plugins/sdk/problem.ts';
import { writeFileAtomically } from '../atomic-file.ts';
import { DatasetDescription } from '../data/describe-category.ts';
import { hashDataset } from '../data/hash.ts';
import { readDataset } from '../data/read-dataset.ts';
import type { LayoutSource } from '../plugins/layouts/layout-sources.ts';
import { layoutsOf } from '../plugins/layouts/read-apart.ts';
import { doErrand } from '../processes/errand.ts';
import { scannedImages, stampFolder, type Scan } from './scan.ts';

/** What a process that scans is ordered. */
export interface ScanOrder {
  root: string;
  /** Where the scan is written. */
  file: string;
  /** Of plugins. */
  layouts: readonly LayoutSource[];
  /** Of an earlier scan in that file: where nothing has changed since, it stays. */
  stamp?: string;
}

export interface ScanProgress {
  done: number;
  total: number;
}

doErrand<ScanOrder, ScanProgress, void>(async ({ root, file, layouts, stamp: known }, tell) => {
  const { stamp: before, folders } = await stampFolder(root);
  // Other plugins may see another dataset in the same files.
  const stamp = [before, ...layouts.map(({ entry }) => `${entry.name}@${entry.version}`)].join(' ');
  if (stamp === known) return;
  const description = new DatasetDescription();
  const { layout, categories, problems } = await readDataset(root, {
    more: layoutsOf(layouts),
    onProblem: 'report',
    onInspected: description.onInspected,
    onProgress: (done, total) => tell({ done, total }, done === total),
  });
  if ((await stampFolder(root)).stamp !== before) {
    throw new StillroomError('dataset-changed', 'expected the files to stay as they are while they are looked at, found others', { file: root, hint: 'scan it again' });
  }
  const scan: Scan = {
    format: 1,
    at: new Date().toISOString(),
    stamp,
    folders,
    layout,
    sha256: await hashDataset(categories),
    categories: categories.map((category) => description.of(category)),
    problems: problems.map((problem): Problem => ({ ...problem })),
    images: categories.flatMap(scannedImages),
  };
  await writeFileAtomically(file, (handle) => handle.writeFile(JSON.stringify(scan)));
});
