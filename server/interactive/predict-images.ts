import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { writeFileAtomically } from '../atomic-file.ts';
import type { MapFormat } from '../predict/map-file.ts';
import { failureOf, type Failure } from '../predict/prediction.ts';
import { keptMapFile } from './kept-map-file.ts';
import type { PredictAnswer, PredictedRow, PredictTask } from './predict-task.ts';
import type { WorkerProcess } from './worker-process.ts';

export interface ToPredict {
  run: PredictTask['run'];
  /** What each is called in the answer, and its file, or why it has none. */
  images: readonly { name: string; file: string | StillroomError }[];
  /** Where what maps are drawn from is kept. */
  folder: string;
}

/** An image's row, with its place among the images and whether it has a map. */
export type TellRow = (index: number, row: PredictedRow, hasMap: boolean) => void;

const aboutFile = 'prediction.json';

/** Has images scored, and tells each in its turn. Throws what scoring throws. */
export async function predictImages(worker: WorkerProcess, { run, images, folder }: ToPredict, { gone, tell }: { gone: AbortSignal; tell: TellRow }): Promise<PredictAnswer> {
  await writeFileAtomically(join(folder, aboutFile), (handle) => handle.writeFile(`${JSON.stringify({ run })}\n`));
  const files = images.flatMap(({ file }, index) => (typeof file === 'string' ? [{ index, file }] : []));
  let next = 0;
  const tellBefore = (index: number): void => {
    for (; next < index; next++) tell(next, lacking(images[next]!), false);
  };
  let at = 0;
  const onRow = (row: PredictedRow): void => {
    const { index } = files[at++]!;
    tellBefore(index);
    tell(index, { ...row, file: images[index]!.name }, !('error' in row) && existsSync(join(folder, keptMapFile(index))));
    next = index + 1;
  };
  const answer = await worker.ask('predict', { run, files, keep: folder }, { signal: gone, onRow });
  tellBefore(images.length);
  return answer;
}

/** The file of a map, drawn where it has not been. Throws `no-prediction`, and what drawing throws. */
export async function mapDrawn(worker: WorkerProcess, folder: string, index: number, format: MapFormat): Promise<string> {
  if (!existsSync(join(folder, aboutFile)) || !existsSync(join(folder, keptMapFile(index)))) {
    throw new StillroomError('no-prediction', 'expected a map that is kept, found none: the oldest are removed, and an image that failed has none', {
      hint: 'score the image again',
    });
  }
  const { run } = JSON.parse(await readFile(join(folder, aboutFile), 'utf8')) as { run: PredictTask['run'] };
  const file = join(folder, `${index}-${format}.${format === 'npy' ? 'npy' : 'png'}`);
  if (!existsSync(file)) await worker.ask('map', { run, keep: folder, index, format, to: file });
  return file;
}

function lacking({ name, file }: ToPredict['images'][number]): Failure {
  const [problem] = (file as StillroomError).problems;
  return failureOf({ file: name, error: problem! });
}
