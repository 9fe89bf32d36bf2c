import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StillroomError } from '../../../plugins/sdk/problem.ts';
import { layerKinds } from '../../interactive/why-task.ts';
import { fileOf, givenImageSchema } from '../given-images.ts';
import { goneSignal } from '../gone.ts';
import { placedPicture, pictureSchema, rangeSchema } from '../placed-picture.ts';
import { route, type Route } from '../route.ts';
import { sendPicture } from '../send-picture.ts';
import type { Services } from '../services.ts';

const size = z.object({ height: z.int(), width: z.int() });
const box = z.object({ left: z.number(), top: z.number(), width: z.number(), height: z.number() });
const value = z.object({ node: z.string(), socket: z.string(), title: z.string() });
const without = {
  without: z.number().optional().describe('What the result would be at the pixel with this as it usually is on normal images; absent where that was never learnt.'),
  effect: z.number().nullable().optional().describe('(value − without) / value; null where the value is 0. Effects need not add up to 1.'),
};
const gap = z.object({
  teacherNorm: z.number(),
  studentNorm: z.number(),
  cosine: z.number(),
  euclidean: z.number().describe('Length of the difference, as they are.'),
  distance: z.number().describe('1 − cosine: half the squared length of the difference, once both have length 1.'),
  channels: z
    .array(z.object({ channel: z.int(), teacher: z.number(), student: z.number(), share: z.number().describe('Of the squared difference.') }))
    .describe('Those that differ most, once both have length 1.'),
});
const answer = z.object({
  category: z.string(),
  results: z.array(z.string()).describe('Results that can be explained.'),
  result: z.object({
    name: z.string(),
    kind: z.enum(['score', 'map']),
    node: z.string(),
    title: z.string(),
    value: z.number().describe('Of the map at the pixel.'),
    usual: z.number().nullable().describe('What it would be there with every contribution at its median of normal images.'),
  }),
  size: size.describe('Of the image, px.'),
  x: z.int().describe('Pixel of the image.'),
  y: z.int(),
  inspected: box.describe('What the network sees of the image, px of it.'),
  view: z.int(),
  views: z.int(),
  levelsOf: z.enum(['validation', 'train']).nullable().describe('The normal images whose values are compared with.'),
  unknown: z.string().nullable().describe('Why nothing is known of normal images, where that is so.'),
  contributions: z.array(
    value.extend({
      grid: size,
      cell: z.object({ row: z.int(), column: z.int() }),
      box: box.describe('What the cell stands for, px of the image.'),
      value: z.number().describe('Of its map, at the cell.'),
      normal: z.object({ median: z.number(), share: z.number().describe('Of its values on normal images, those no larger than this one, 0–1.') }).nullable(),
      ownShare: z.number().describe('Of its values on this image, those no larger than this one, 0–1.'),
      teacher: value.nullable(),
      student: value.nullable(),
      gap: gap.nullable(),
      ...without,
    }),
  ),
  modules: z.array(value.extend({ value: z.number(), of: z.array(z.int()).describe('Places among the contributions.'), ...without })),
  nearest: z.array(
    value.extend({
      kept: z.int().describe('Patches that were compared.'),
      total: z.int().describe('Patches that the training images have.'),
      patches: z.array(z.object({ image: z.string(), size, box, distance: z.number().describe('1 − cosine of the teacher’s features.') })),
    }),
  ),
  milliseconds: z.number(),
});
const image = z.union([givenImageSchema, z.strictObject({ file: z.string().max(4096).describe('As scores.csv or split.csv of the run name it.') })]);
const asked = { category: z.string().max(255).optional().describe('May be left out where the run has one.'), image };
const byId = z.object({ id: z.string().describe('Id of the run.') });
const problems = {
  403: 'A file outside of the data roots.',
  404: 'There is no such run, result or image.',
  409: 'The run has not come to its end.',
  503: 'The process that computes has ended; ask again.',
  504: 'It has not answered for long, and was ended.',
};
const side = z.coerce.number().int().min(0).max(1_000_000);

/** Why a map of a run is what it is at a pixel. */
export function whyRoutes(services: Services): Route[] {
  const { interactive, runs, roots, datasets } = services;

  /** Of its images; null where it may not be read. */
  const dataOf = async (folder: string): Promise<string | null> => {
    const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8').catch(() => '{}')) as { data?: { root?: string } };
    return manifest.data?.root === undefined ? null : roots.resolve(manifest.data.root).catch(() => null);
  };
  const imageOf = async (given: z.output<typeof image>, data: string | null): Promise<string> => {
    if (!('file' in given)) return fileOf(given, services);
    if (data !== null) return roots.resolve(join(data, given.file));
    throw new StillroomError('outside-roots', 'expected the images of the run in a data root, found them elsewhere', { hint: 'start the server with their folder as a --data-root' });
  };

  return [
    route({
      operation: 'explainPixel',
      method: 'post',
      path: '/runs/{id}/why',
      tag: 'why',
      summary: 'What each layer and module contributes to a map of a run at a pixel, how far teacher and student are apart there, and the normal patches most like it',
      params: byId,
      body: z.object({
        ...asked,
        result: z.string().max(255).optional().describe('Of a score the map that it comes from is explained; the map of the run where absent.'),
        x: z.int().min(0).describe('Px of the image, from the left, from 0.'),
        y: z.int().min(0),
        within: z.object({ height: z.int().min(1), width: z.int().min(1) }).optional().describe('Size of the picture of the whole image that x and y are pixels of, where it is drawn at another size.'),
        patches: z.int().min(0).max(20).default(3).describe('Normal patches to find of each teacher’s feature, each of another training image.'),
      }),
      answer,
      problems,
      async handle({ params: { id }, body: { category, image: given, result, x, y, within = null, patches }, response }) {
        const begun = performance.now();
        const folder = await runs.folder(id);
        const data = await dataOf(folder);
        const task = { run: { folder, ...(category === undefined ? {} : { category }) }, data, file: await imageOf(given, data), result, x, y, within, patches };
        return { ...(await interactive.worker.ask('why', task, { signal: goneSignal(response) })), milliseconds: performance.now() - begun };
      },
    }),
    route({
      operation: 'showLayer',
      method: 'post',
      path: '/runs/{id}/layer',
      tag: 'why',
      summary: 'What teacher and student see of an image at one layer, and their difference, as pictures in the same colours',
      params: byId,
      body: z.object({
        ...asked,
        node: z.string().describe('That makes a map of both: a contribution of `why`.'),
        kind: z.enum(layerKinds).default('unit').describe('unit: mean over channels once each position has length 1; mean: as they are; pca: main directions of both together, as RGB.'),
        view: z.int().min(0).default(0).describe('Which tile, where the graph cuts images into tiles.'),
      }),
      answer: z.object({
        shown: box.describe('What the pictures show, px of the image.'),
        teacher: pictureSchema,
        student: pictureSchema,
        difference: pictureSchema.describe('unit, pca: 1 − cosine; mean: the mean over channels of the distance.'),
        range: rangeSchema.nullable().describe('Of teacher and student; null where colours are directions.'),
        gapRange: rangeSchema,
      }),
      problems,
      async handle({ params: { id }, body: { category, image: given, node, kind, view }, response }) {
        const folder = await runs.folder(id);
        const task = { run: { folder, ...(category === undefined ? {} : { category }) }, file: await imageOf(given, await dataOf(folder)), node, kind, view };
        const { teacher, student, difference, ...rest } = await interactive.worker.ask('layer', task, { signal: goneSignal(response) });
        const placed = (picture: typeof teacher): z.input<typeof pictureSchema> => placedPicture(picture, interactive.pictures);
        return { ...rest, teacher: placed(teacher), student: placed(student), difference: placed(difference) };
      },
    }),
    route({
      operation: 'showImageOfRun',
      method: 'get',
      path: '/runs/{id}/image',
      tag: 'why',
      summary: 'An image of the dataset of a run, or a region of it',
      params: byId,
      query: z.object({
        file: z.string().min(1).max(4096).describe('As scores.csv or split.csv of the run name it.'),
        left: side.optional(),
        top: side.optional(),
        width: side.optional().describe('Of the region, px of the image.'),
        height: side.optional(),
        size: z.coerce.number().int().min(16).max(2048).optional().describe('Width of the picture, px; of a region its longer side.'),
      }),
      answer: z.undefined(),
      media: ['image/webp'],
      problems: { 403: problems[403], 404: problems[404] },
      async handle({ params: { id }, query: { file: name, left = 0, top = 0, width, height, size }, request, response }) {
        const file = await imageOf({ file: name }, await dataOf(await runs.folder(id)));
        const region = width && height ? { region: { left, top, width, height } } : {};
        const task = { kind: 'image' as const, file, format: 'webp' as const, ...region, ...(size === undefined ? {} : { width: size }) };
        await sendPicture({ request, response }, [file], task, () => datasets.pictures.draw(task));
      },
    }),
  ];
}
