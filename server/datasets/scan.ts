import { foldersIn } from '../../plugins/sdk/layout.ts';
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import type { Problem } from '../../plugins/sdk/problem.ts';
import type { Category, LabelledImage } from '../data/dataset.ts';
import type { CategoryDescription } from '../data/describe-category.ts';
import { listFolder } from '../data/folder.ts';

/** An image as a scan found it. */
export interface ScannedImage {
  /** Of its path: the same in every scan. */
  id: string;
  /** From the dataset's folder on, with `/`. */
  path: string;
  category: string;
  /** As the dataset has it; a run may let others of the normal images validate. */
  split: 'train' | 'validation' | 'test';
  defect: string;
  anomalous: boolean;
  height: number;
  width: number;
  /** Paths of the files of its mask; empty where there is none. */
  masks: string[];
}

/** What is known of a dataset's files once every one was looked at. */
export interface Scan {
  format: 1;
  at: string;
  /** Names the files by path, size and time: with the same stamp a scan finds the same. */
  stamp: string;
  /** Of each folder, from the dataset's on, when an entry of it was last changed, ms. */
  folders: [path: string, changed: number][];
  layout: string;
  /** As a run's manifest gives it. */
  sha256: string;
  categories: CategoryDescription[];
  problems: Problem[];
  images: ScannedImage[];
}

/** Stamp and folders of a dataset as they are now. Errors: those of `listFolder`. */
export async function stampFolder(root: string): Promise<Pick<Scan, 'stamp' | 'folders'>> {
  const all = foldersIn(await listFolder(root));
  const limit = pLimit(32);
  const folders = await Promise.all(all.map(({ path }) => limit(async (): Promise<[string, number]> => [path, (await stat(join(root, path))).mtimeMs])));
  const files = all.flatMap(({ path, files: names }) => names.map((name) => path + name)).sort();
  const lines = await Promise.all(
    files.map((path) =>
      limit(async () => {
        const found = await stat(join(root, path), { bigint: true }).catch(() => undefined);
        return `${path}\0${found?.size}\0${found?.mtimeNs}\n`;
      }),
    ),
  );
  return { stamp: createHash('sha256').update(lines.join('')).digest('hex'), folders };
}

/** Whether files came or went since; of files that were written over, only another scan can tell. */
export async function hasChanged(root: string, { folders }: Scan): Promise<boolean> {
  const limit = pLimit(32);
  const same = await Promise.all(
    folders.map(([path, changed]) => limit(async () => (await stat(join(root, path)).catch(() => undefined))?.mtimeMs === changed)),
  );
  return same.includes(false);
}

export function scannedImages({ name, train, validation = [], test }: Category): ScannedImage[] {
  const normal = (split: 'train' | 'validation') => (image: { path: string; height: number; width: number }): ScannedImage => ({
    ...imageOf(image, name, split),
    defect: 'good',
    anomalous: false,
    masks: [],
  });
  const tested = (image: LabelledImage): ScannedImage => ({
    ...imageOf(image, name, 'test'),
    defect: image.defect,
    anomalous: image.anomalous,
    masks: image.mask ? [image.mask, ...(image.mask.more ?? [])].map(({ path }) => path) : [],
  });
  return [...train.map(normal('train')), ...validation.map(normal('validation')), ...test.map(tested)];
}

function imageOf({ path, height, width }: { path: string; height: number; width: number }, category: string, split: ScannedImage['split']): Pick<ScannedImage, 'id' | 'path' | 'category' | 'split' | 'height' | 'width'> {
  return { id: createHash('sha256').update(path).digest('base64url').slice(0, 22), path, category, split, height, width };
}
