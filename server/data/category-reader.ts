import type { CategoryFiles, TestFile } from '../../plugins/sdk/layout.ts';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { StillroomError, type Problem } from '../../plugins/sdk/problem.ts';
import type { Category, ImageRef, LabelledImage, MaskRef } from './dataset.ts';
import {
  duplicates,
  leakage,
  lowRange,
  misnamed,
  missingMasks,
  orphans,
  testGaps,
  wrongMaskSize,
} from './dataset-problems.ts';
import { countMarked, inspect, type Inspected, type Scrutiny } from './inspect.ts';
import { byCodeUnits } from './order.ts';

/** What is told of every file that was looked at. */
export type OnInspected = (found: Inspected & { kind: 'image' | 'mask'; category: string }) => void;

export interface ReaderOptions {
  scrutiny: Scrutiny;
  /** Only these defects are measured; all but the optional ones where absent. */
  defects?: readonly string[];
  /** After each file. */
  onFile: () => void;
  onInspected?: OnInspected;
}

/** A category as it was read, with what is wrong with its files (they are left out of it) and what is to be borne with. */
export interface ReadCategory {
  category: Category;
  faults: Problem[];
  warnings: Problem[];
}

const warning = { severity: 'warning' } as const;

/** How many files `readCategory` looks at. */
export function countFiles({ train, validation = [], test, masksOfTrain }: CategoryFiles): number {
  return train.length + validation.length + (masksOfTrain?.size ?? 0) + test.reduce((sum, { masks }) => sum + 1 + masks.length, 0);
}

/** Looks at every file of a category. Paths in what it reports are relative to the root. */
export async function readCategory(root: string, files: CategoryFiles, options: ReaderOptions): Promise<ReadCategory> {
  return new CategoryReader(root, files, options).read();
}

const limit = pLimit(Math.max(2, availableParallelism()));

class CategoryReader {
  readonly #root: string;
  readonly #files: CategoryFiles;
  readonly #options: ReaderOptions;
  readonly #faults: Problem[];
  readonly #warnings: Problem[] = [];
  readonly #images: Inspected[] = [];
  readonly #seen: Inspected[] = [];

  constructor(root: string, files: CategoryFiles, options: ReaderOptions) {
    this.#root = root;
    this.#files = files;
    this.#options = options;
    this.#faults = [...(files.faults ?? [])];
  }

  async read(): Promise<ReadCategory> {
    const { name, train, validation, test, notes, orphanMasks } = this.#files;
    const chosen = this.#chosenDefects(test);
    const [trained, validating, tested] = await Promise.all([
      this.#normal(train),
      validation ? this.#normal(validation) : undefined,
      Promise.all(chosen.map((file) => this.#labelled(file))),
    ]);
    const category: Category = {
      name,
      train: trained,
      ...(validating ? { validation: validating } : {}),
      test: tested.filter((image) => image !== undefined).sort(byPath),
    };
    this.#warnings.push(
      ...misnamed(name, this.#seen),
      ...lowRange(name, this.#images),
      ...notes.map(({ code, message, hint, file }) => ({
        ...warning,
        code,
        message: `${name}: ${message}`,
        ...(hint === undefined ? {} : { hint }),
        ...(file === undefined ? {} : { file }),
      })),
      ...missingMasks(category),
      ...orphans(name, orphanMasks),
      ...leakage(category),
      ...duplicates(category),
      ...testGaps(category),
    );
    return { category, faults: this.#faults, warnings: this.#warnings };
  }

  /** The test images whose defect is measured. */
  #chosenDefects(test: readonly TestFile[]): readonly TestFile[] {
    const { defects } = this.#options;
    const isMeasured = ({ defect, optional }: TestFile): boolean =>
      defect === 'good' || (defects ? defects.includes(defect) : !optional);
    const out = test.filter((file) => !isMeasured(file));
    if (out.length) {
      const names = [...new Set(out.map(({ defect }) => defect))];
      this.#warnings.push({
        ...warning,
        code: 'defects-left-out',
        message: `${this.#files.name}: ${out.length} test images with ${names.join(', ')} are left out`,
        hint: 'name what is to be measured in the parameter `defects` of the dataset node',
      });
    }
    return test.filter(isMeasured);
  }

  /** Images to fit or validate on; those that a mask shows to be defective are left out. */
  async #normal(paths: readonly string[]): Promise<ImageRef[]> {
    const looked = await Promise.all(
      paths.map(async (path) => {
        const maskPath = this.#files.masksOfTrain?.get(path);
        const [image, mask] = await Promise.all([this.#look(path, 'image'), maskPath === undefined ? null : this.#look(maskPath, 'mask')]);
        // What cannot be judged does not train.
        if (!image || mask === undefined) return undefined;
        return { ref: image.ref, isDefective: mask !== null && (await this.#marks(mask)) > 0 };
      }),
    );
    const found = looked.filter((image) => image !== undefined);
    const defective = found.filter(({ isDefective }) => isDefective).map(({ ref }) => ref.path);
    if (defective.length) {
      this.#warnings.push({
        ...warning,
        code: 'defective-left-out',
        file: defective[0]!,
        message: `${this.#files.name}: ${defective.length} of ${found.length} training images are defective: left out`,
      });
    }
    return found
      .filter(({ isDefective }) => !isDefective)
      .map(({ ref }) => ref)
      .sort(byPath);
  }

  async #labelled({ path, defect, masks, byMask }: TestFile): Promise<LabelledImage | undefined> {
    const [image, ...found] = await Promise.all([this.#look(path, 'image'), ...masks.map((mask) => this.#look(mask, 'mask'))]);
    if (!image) return undefined;
    const fitting = found.filter((mask) => mask !== undefined).filter((mask) => this.#fits(mask, image));
    if (byMask && !fitting.length) return undefined;
    const marks = await Promise.all(fitting.map((mask) => (byMask || mask.marked !== null ? this.#marks(mask) : 1)));
    const isMarked = marks.some((count) => count > 0);
    if (byMask && !isMarked) return { ...image.ref, defect: 'good', anomalous: false, mask: null };
    const [first, ...more] = fitting.map(({ ref }) => ref);
    if (first && !isMarked) {
      this.#warnings.push({
        ...warning,
        code: 'empty-mask',
        file: first.path,
        message: 'expected defective pixels in the mask, found none',
        hint: 'draw the defect, or move the image to `good`',
      });
    }
    // Where a part of what marks a defect is missing, the rest would call defective pixels good.
    const mask: MaskRef | null = first && fitting.length === masks.length ? { ...first, ...(more.length ? { more } : {}) } : null;
    return { ...image.ref, defect, anomalous: defect !== 'good', mask };
  }

  async #marks(mask: Inspected): Promise<number> {
    return mask.marked ?? (await limit(() => countMarked(mask.ref.file)));
  }

  #fits(mask: Inspected, image: Inspected): boolean {
    const isSame = mask.header.height === image.header.height && mask.header.width === image.header.width;
    if (!isSame) this.#faults.push(wrongMaskSize(image.ref, mask.ref));
    return isSame;
  }

  /** Undefined where the file cannot be used, which is then among the faults. */
  #look(path: string, kind: 'image' | 'mask'): Promise<Inspected | undefined> {
    return limit(async () => {
      try {
        const found = await inspect(join(this.#root, path), path, kind, this.#options.scrutiny);
        if (found.header.pages > 1) this.#warnings.push(severalPages(found));
        if (kind === 'image') this.#images.push(found);
        this.#seen.push(found);
        this.#options.onInspected?.({ ...found, kind, category: this.#files.name });
        return found;
      } catch (error) {
        if (!(error instanceof StillroomError)) throw error;
        this.#faults.push(...error.problems.map((problem) => ({ ...problem, file: path })));
        return undefined;
      } finally {
        this.#options.onFile();
      }
    });
  }
}

function severalPages({ ref, header }: Inspected): Problem {
  return {
    ...warning,
    code: 'several-pages',
    file: ref.path,
    message: `expected one image in the file, found ${header.pages}; the first is used`,
    hint: 'split it into one file per image',
  };
}

function byPath(a: ImageRef, b: ImageRef): number {
  return byCodeUnits(a.path, b.path);
}
