import { z } from 'zod';
import { StillroomError } from '../../../plugins/sdk/problem.ts';
import type { DatasetRecord } from '../../datasets/dataset-store.ts';
import { pictureFormats } from '../../datasets/picture-task.ts';
import type { ScannedImage } from '../../datasets/scan.ts';
import { splitImages, type SplitChoice } from '../../datasets/split-images.ts';
import { pageOf, pageQuery } from '../page-of.ts';
import { route, type Route } from '../route.ts';
import { sendPicture } from '../send-picture.ts';
import type { Services } from '../services.ts';
import { byId, missing } from './datasets.ts';

const byImage = byId.extend({ image: z.string().describe('Id of the image.') });
const width = z.coerce.number().int().min(16).max(16_384).optional().describe('Px; never more than the image has, which is what it gets where absent.');
const seeing = {
  404: 'There is no dataset, or no image, of this id.',
  409: 'The dataset was not scanned.',
  410: 'The file is gone.',
};

/** Images of a dataset: which there are and in which split, and what they and their masks look like. */
export function datasetImageRoutes({ datasets }: Pick<Services, 'datasets'>): Route[] {
  const find = async (id: string, image: string): Promise<{ record: DatasetRecord; found: ScannedImage }> => {
    const record = datasets.store.read(id);
    const found = (await datasets.scans.result(id)).images.find((one) => one.id === image);
    if (found) return { record, found };
    throw new StillroomError('no-image', `expected the id of an image of ${record.name}, found ${JSON.stringify(image.slice(0, 60))}`, {
      hint: `GET /api/datasets/${id}/images lists them`,
    });
  };
  return [
    route({
      operation: 'listImages',
      method: 'get',
      path: '/datasets/{id}/images',
      tag: 'datasets',
      summary: 'The images of a dataset, in the splits that a run with this seed would make',
      params: byId,
      query: z.object({
        ...pageQuery,
        category: z.string().optional(),
        split: z.enum(['train', 'validation', 'test']).optional(),
        defect: z.string().optional().describe('Its name; "good" for none.'),
        seed: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
        by: z.enum(['dataset', 'share', 'fold']).default('dataset').describe('Which normal images validate, as the parameter "split" of the dataset node says.'),
        validationShare: z.coerce.number().min(0).max(0.9).default(0.3),
        folds: z.coerce.number().int().min(2).max(100).default(5),
        fold: z.coerce.number().int().min(0).max(99).default(0),
      }),
      answer: z.object({
        total: z.int(),
        images: z.array(
          z.object({
            id: z.string(),
            path: z.string(),
            category: z.string(),
            split: z.enum(['train', 'validation', 'test']),
            defect: z.string(),
            anomalous: z.boolean(),
            height: z.int(),
            width: z.int(),
            mask: z.boolean(),
          }),
        ),
      }),
      problems: { ...missing, 409: 'It was not scanned.' },
      async handle({ params: { id }, query }) {
        datasets.store.read(id);
        const all = splitImages(await datasets.scans.result(id), choiceOf(query)).filter(
          ({ category, split, defect }) =>
            (query.category === undefined || category === query.category) &&
            (query.split === undefined || split === query.split) &&
            (query.defect === undefined || defect === query.defect),
        );
        return { total: all.length, images: pageOf(all, query).map(({ masks, ...image }) => ({ ...image, mask: masks.length > 0 })) };
      },
    }),
    route({
      operation: 'showImage',
      method: 'get',
      path: '/datasets/{id}/images/{image}',
      tag: 'datasets',
      summary: 'An image, upright, 8 bits, at a width',
      params: byImage,
      query: z.object({ width, format: z.enum(pictureFormats).default('webp') }),
      answer: z.undefined(),
      media: pictureFormats.map((format) => `image/${format}`),
      problems: seeing,
      async handle({ params: { id, image }, query: { width: wanted, format }, request, response }) {
        const { record, found } = await find(id, image);
        const file = await datasets.file(record, found.path);
        const task = { kind: 'image' as const, file, format, ...(wanted === undefined ? {} : { width: wanted }) };
        await sendPicture({ request, response }, [file], task, () => datasets.pictures.draw(task));
      },
    }),
    route({
      operation: 'showMask',
      method: 'get',
      path: '/datasets/{id}/images/{image}/mask',
      tag: 'datasets',
      summary: 'What the mask of an image marks, white on black, at a width',
      params: byImage,
      query: z.object({ width }),
      answer: z.undefined(),
      media: ['image/png'],
      problems: seeing,
      async handle({ params: { id, image }, query: { width: wanted }, request, response }) {
        const { record, found } = await find(id, image);
        if (found.masks.length === 0) throw new StillroomError('image-without-mask', `expected an image with a mask, found ${found.path}, which has none`);
        const files = await Promise.all(found.masks.map((mask) => datasets.file(record, mask)));
        const task = { kind: 'mask' as const, files, ...(wanted === undefined ? {} : { width: wanted }) };
        await sendPicture({ request, response }, files, task, () => datasets.pictures.draw(task));
      },
    }),
  ];
}

function choiceOf({ by, folds, fold, seed, validationShare }: { by: 'dataset' | 'share' | 'fold'; folds: number; fold: number; seed: number; validationShare: number }): SplitChoice {
  if (by === 'fold' && fold >= folds) throw new StillroomError('bad-request', `expected a fold from 0 to ${folds - 1}, found ${fold}`, { field: 'query › fold' });
  return { split: by === 'fold' ? { by, folds, fold } : { by }, seed, validationShare };
}
