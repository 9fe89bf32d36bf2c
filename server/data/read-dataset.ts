import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import pLimit from 'p-limit';
import { StillroomError, type Problem } from '../../plugins/sdk/problem.ts';
import type { Category, Dataset, ImageRef, LabelledImage } from './dataset.ts';
import { listFolder, walk, type Folder } from './folder.ts';
import { inspect, type Inspected, type Scrutiny } from './inspect.ts';
import { detectLayout, layouts } from './layouts/index.ts';
import type { CategoryFiles } from './layouts/layout.ts';
import { imagesIn } from './layouts/masks.ts';
import { byCodeUnits, someOf } from './order.ts';
import { leakage, missingMasks, testGaps, unusedImages, wrongMaskSize } from './dataset-problems.ts';

export interface ReadOptions {
  /** Names of the categories to read; all of them where absent. */
  category?: readonly string[];
  /** What happens to a file that cannot be used: it is left out with a warning, or the whole dataset is refused. */
  onProblem?: 'skip' | 'refuse';
  /** `pixels` (default) decodes every file and hashes it; `header` is quick and finds neither truncation nor leakage. */
  scrutiny?: Scrutiny;
  onProgress?: (done: number, total: number) => void;
}

/**
 * Reads what a folder holds: detects its layout, pairs images with masks, looks at every file.
 * Errors: `no-such-folder`, `not-a-folder`, `cannot-read-folder`, `folder-too-large`, `no-images`, `no-good-images`,
 * `unknown-category`; with `refuse` also `unreadable-image`, `image-too-large`, `unsupported-image`,
 * `mask-size-differs`, all of them in one error.
 */
export async function readDataset(directory: string, options: ReadOptions = {}): Promise<Dataset> {
  const root = resolve(directory);
  const folder = await listFolder(root);
  const layout = detectLayout(folder);
  if (!layout) throw noImages(root, folder);
  const found = layout.read(folder);
  const chosen = choose(found, options.category, root);
  const reader = new Reader(root, options, chosen);
  for (const files of chosen) await reader.read(files);
  if (!options.category) reader.problems.push(...unusedImages(folder, found));
  return {
    root,
    layout: layout.name,
    categories: reader.categories,
    problems: reader.problems.map((problem) => (problem.file === undefined ? problem : { ...problem, file: join(root, problem.file) })),
  };
}

class Reader {
  readonly categories: Category[] = [];
  /** With files relative to the root. */
  readonly problems: Problem[] = [];
  readonly #root: string;
  readonly #options: ReadOptions;
  readonly #total: number;
  #done = 0;
  readonly #limit = pLimit(Math.max(2, availableParallelism()));

  constructor(root: string, options: ReadOptions, chosen: readonly CategoryFiles[]) {
    this.#root = root;
    this.#options = options;
    this.#total = chosen.reduce((sum, { train, test }) => sum + train.length + test.length + test.filter((t) => t.mask).length, 0);
  }

  async read(files: CategoryFiles): Promise<void> {
    const faults: Problem[] = [];
    const look = (path: string, kind: 'image' | 'mask'): Promise<Inspected | undefined> =>
      this.#limit(() => this.#inspect(path, kind, faults));
    const [train, test] = await Promise.all([
      Promise.all(files.train.map((path) => look(path, 'image'))),
      Promise.all(
        files.test.map(async ({ path, defect, mask }) => {
          const [image, marks] = await Promise.all([look(path, 'image'), mask === null ? null : look(mask, 'mask')]);
          return image && { image, defect, mask: marks ?? null };
        }),
      ),
    ]);
    const labelled = test.flatMap((found): LabelledImage[] => {
      if (!found) return [];
      const { image, defect } = found;
      return [{ ...image.ref, defect, anomalous: defect !== 'good', mask: this.#fitting(image, found.mask, faults) }];
    });
    const category: Category = {
      name: files.name,
      train: train.flatMap((image) => (image ? [image.ref] : [])).sort(byPath),
      test: labelled.sort(byPath),
    };
    this.#settle(faults.sort((a, b) => byCodeUnits(a.file ?? '', b.file ?? '')));
    if (category.train.length === 0) throw this.#noGoodImages(files);
    this.categories.push(category);
    this.problems.push(
      ...files.notes.map((message) => ({ ...warning, code: 'good-images-held-out', message: `${files.name}: ${message}` })),
      ...missingMasks(category),
      ...orphans(files),
      ...leakage(category),
      ...testGaps(category),
    );
  }

  async #inspect(path: string, kind: 'image' | 'mask', faults: Problem[]): Promise<Inspected | undefined> {
    try {
      const found = await inspect(join(this.#root, path), path, kind, this.#options.scrutiny ?? 'pixels');
      if (found.header.pages > 1) {
        this.problems.push({
          ...warning,
          code: 'several-pages',
          file: path,
          message: `expected one image in the file, found ${found.header.pages}; the first is used`,
          hint: 'split it into one file per image',
        });
      }
      if (found.marked === 0) {
        this.problems.push({
          ...warning,
          code: 'empty-mask',
          file: path,
          message: 'expected defective pixels in the mask, found none',
          hint: 'draw the defect, or move the image to `good`',
        });
      }
      return found;
    } catch (error) {
      if (!(error instanceof StillroomError)) throw error;
      faults.push(...error.problems.map((problem) => ({ ...problem, file: path })));
      return undefined;
    } finally {
      this.#options.onProgress?.(++this.#done, this.#total);
    }
  }

  #fitting(image: Inspected, mask: Inspected | null, faults: Problem[]): ImageRef | null {
    if (!mask) return null;
    if (mask.header.height === image.header.height && mask.header.width === image.header.width) return mask.ref;
    faults.push(wrongMaskSize(image.ref, mask.ref));
    return null;
  }

  /** Refuses the dataset for its faulty files, or leaves those files out. */
  #settle(faults: readonly Problem[]): void {
    const [first] = faults;
    if (!first) return;
    if (this.#options.onProblem === 'skip') {
      this.problems.push(...faults.map((fault) => ({ ...fault, ...warning, hint: `left out; ${fault.hint}` })));
      return;
    }
    const { code, message, hint } = first;
    const problems = faults.map((fault) => ({ ...fault, file: join(this.#root, fault.file ?? '') }));
    throw new StillroomError(code, message, { file: problems[0]!.file, ...(hint ? { hint } : {}), problems });
  }

  #noGoodImages({ name, train, normalFolder }: CategoryFiles): StillroomError {
    const found = train.length ? `${train.length} that cannot be read` : 'none';
    return new StillroomError('no-good-images', `expected normal images of ${name} to fit on, found ${found}`, {
      file: join(this.#root, normalFolder),
      hint: 'put images without defects there',
    });
  }
}

const warning = { severity: 'warning' } as const;

function byPath(a: ImageRef, b: ImageRef): number {
  return byCodeUnits(a.path, b.path);
}

function orphans({ name, orphanMasks }: CategoryFiles): Problem[] {
  if (!orphanMasks.length) return [];
  return [
    {
      ...warning,
      code: 'mask-without-image',
      file: orphanMasks[0]!,
      message: `expected an image in test for each mask of ${name}, found none for ${someOf(orphanMasks)}`,
      hint: 'give image and mask the same name: 001.png and 001_mask.png',
    },
  ];
}

function choose(found: readonly CategoryFiles[], wanted: readonly string[] | undefined, root: string): CategoryFiles[] {
  if (!wanted) return [...found];
  const unknown = wanted.find((name) => !found.some((category) => category.name === name));
  if (unknown !== undefined) {
    const names = found.map(({ name }) => name);
    throw new StillroomError('unknown-category', `expected a category of this dataset, found "${unknown}"`, {
      file: root,
      hint: `choose from ${names.join(', ')}`,
    });
  }
  return found.filter(({ name }) => wanted.includes(name));
}

function noImages(root: string, folder: Folder): StillroomError {
  const all = walk(folder);
  const images = all.flatMap(imagesIn).length;
  const files = all.reduce((sum, { files }) => sum + files.length, 0);
  const found = images ? `${images} images in folders of no known layout` : `${files} files, none of them an image`;
  return new StillroomError('no-images', `expected a folder of images, found ${found}`, {
    file: root,
    hint: `lay it out as one of: ${layouts.map(({ title }) => title).join('; ')}`,
  });
}
