import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Problem, StillroomError } from '../../../plugins/sdk/index.ts';
import { filesOfMask, type Category, type Dataset, type MaskRef } from '../../../server/data/dataset.ts';
import { readDataset, type ReadOptions } from '../../../server/data/read-dataset.ts';
import { writeFolder, type Content } from './pictures.ts';

/** Folders that are made, read and told of by the names within. */
export class Reading {
  readonly #home: string;
  #folders = 0;

  constructor(home: string) {
    this.#home = home;
  }

  async folder(files: Record<string, Content>, name: string): Promise<string> {
    const root = join(this.#home, String(this.#folders++), name);
    mkdirSync(root, { recursive: true });
    await writeFolder(root, files);
    return root;
  }

  async read(files: Record<string, Content>, options: ReadOptions = {}, name = 'set') {
    const root = await this.folder(files, name);
    const dataset = await readDataset(root, options);
    return { ...short(dataset), dataset, problems: dataset.problems.map((problem) => within(problem, root)) };
  }

  async refusal(files: Record<string, Content>, options: ReadOptions = {}, name = 'set') {
    const root = await this.folder(files, name);
    const error = (await readDataset(root, options).then(
      () => expect.fail('it was read'),
      (reason: unknown) => reason,
    )) as StillroomError;
    return { ...within({ ...error.problems[0]!, code: error.code }, root), all: error.problems.map((problem) => within(problem, root)) };
  }
}

function short({ layout, categories }: Dataset) {
  return { layout, categories: Object.fromEntries(categories.map((category) => [category.name, splitsOf(category)])) };
}

/** Paths by split; of test images `path (defect: masks)`. */
function splitsOf({ train, validation, test }: Category) {
  return {
    train: train.map(({ path }) => path),
    ...(validation ? { validation: validation.map(({ path }) => path) } : {}),
    test: test.map(({ path, file, defect, mask }) => {
      const root = file.slice(0, -path.length);
      return `${path} (${defect}${mask ? `: ${maskPaths(mask, root)}` : ''})`;
    }),
  };
}

function maskPaths(mask: MaskRef, root: string): string {
  return filesOfMask(mask)
    .map((file) => file.slice(root.length))
    .join(' ');
}

function within(problem: Problem, root: string): Problem {
  const { file, ...rest } = problem;
  return { ...rest, ...(file === undefined ? {} : { file: file.slice(root.length + 1) }) };
}
