import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StillroomError } from '../../plugins/sdk/index.ts';
import { readFileList } from '../data/file-list.ts';
import { readHeader } from '../data/image-file.ts';
import { ImageStore } from '../data/image-store.ts';
import { RunFolder } from '../runs/run-folder.ts';
import { imageFeed, type ImageFeed } from '../runtime/image-feed.ts';
import { learnNormality } from '../why/learn-normality.ts';
import { normalityFile, readNormality, usualPatchBytes, writeNormality, type Normality } from '../why/normality.ts';
import type { Talk } from './previewer.ts';
import type { ReadyRun } from './ready-runs.ts';

const decodedBudget = 128 * 2 ** 20;
const batch = 8;

type Images = (Normality['images'][number] & { file: string })[];

/**
 * What a run has learnt of its normal images; of a run that has not, or of an older version, it is learnt now and kept
 * in its folder. Throws `normal-images-missing` where these cannot be had, and what reading them throws.
 */
export async function normalityOf({ run, programs }: ReadyRun, data: string | null, { begin, signal }: Talk): Promise<Normality> {
  const folder = new RunFolder(run.folder);
  const file = folder.categoryFile(run.category, normalityFile);
  const known = existsSync(file) ? await readNormality(file, run.identity) : null;
  if (known) return known;
  const [train, validation] = await normalImages(folder.categoryFile(run.category, 'split.csv'), data);
  const feed = (name: string, images: Images): ImageFeed =>
    imageFeed(name, images.length, run.plan.sources.map((source) => ({ source, images: new ImageStore(images, source.geometry, { budget: decodedBudget }) })));
  const learnt = await learnNormality({
    plan: run.plan,
    weights: run.weights,
    train: feed('train', train),
    validation: feed('validation', validation),
    images: train.map(({ path, height, width }) => ({ path, height, width })),
    identity: run.identity,
    budget: usualPatchBytes,
    batch,
    compile: programs.compile,
    signal,
    onProgress: () => begin(null),
  });
  await writeNormality(file, learnt);
  return learnt;
}

async function normalImages(list: string, data: string | null): Promise<[train: Images, validation: Images]> {
  const missing = (found: string): StillroomError =>
    new StillroomError('normal-images-missing', `expected the normal images that the run was fitted on, found ${found}`, {
      file: list,
      hint: 'register the folder of the dataset, or start the server with it as a --data-root',
    });
  if (data === null) throw missing('that their folder may not be read');
  const listed = await readFileList(list).catch(() => {
    throw missing('no list of them');
  });
  const opened = (split: string): Promise<Images> =>
    Promise.all(
      listed.filter((one) => one.split === split).map(async ({ path }) => {
        const file = join(data, path);
        const { height, width } = await readHeader(file);
        return { path, file, height, width };
      }),
    );
  return [await opened('train'), await opened('validation')];
}
