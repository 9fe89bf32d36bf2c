import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import type { Services } from './services.ts';

/** An image that a client names. */
export const givenImageSchema = z
  .union([
    z.strictObject({ path: z.string().max(4096).describe('A file in a data root.') }),
    z.strictObject({ dataset: z.string().describe('Id of a dataset that was scanned.'), image: z.string().describe('Id of an image of it.') }),
    z.strictObject({ upload: z.string().max(64).describe('Id that POST /preview/images gave.') }),
  ])
  .meta({ id: 'GivenImage' });
export type GivenImage = z.output<typeof givenImageSchema>;

type Needed = Pick<Services, 'roots' | 'datasets' | 'interactive'>;

/** Its file. Throws `outside-roots`, `no-such-path`, `no-dataset-registered`, `not-scanned`, `no-image`, `no-upload`. */
export async function fileOf(image: GivenImage, { roots, datasets, interactive }: Needed): Promise<string> {
  if ('path' in image) return roots.resolve(image.path);
  if ('upload' in image) return uploadedFile(image.upload, interactive);
  const { path } = datasets.store.read(image.dataset);
  const found = (await datasets.scans.result(image.dataset)).images.find(({ id }) => id === image.image);
  if (found) return roots.resolve(join(path, found.path));
  throw new StillroomError('no-image', `expected the id of an image of the dataset, found ${JSON.stringify(image.image.slice(0, 60))}`, {
    hint: `GET /api/datasets/${image.dataset}/images lists them`,
  });
}

/** `FOLDER.NUMBER`. */
export const uploadId = (folder: string, index: number): string => `${folder}.${index}`;

function uploadedFile(id: string, { uploads }: Services['interactive']): string {
  const [, folder, index] = /^([\da-f-]{36})\.(\d{1,4})$/.exec(id) ?? [];
  const file = folder && join(uploads.folder(folder), index!);
  if (file && existsSync(file)) return file;
  throw new StillroomError('no-upload', `expected an image that was sent, found none of the id ${JSON.stringify(id)}`, {
    hint: 'the last ones alone are kept: send it again with POST /api/preview/images',
  });
}
