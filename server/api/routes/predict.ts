import type { Response } from 'express';
import { z } from 'zod';
import { StillroomError } from '../../../plugins/sdk/problem.ts';
import { mapDrawn, predictImages, type ToPredict } from '../../interactive/predict-images.ts';
import type { PredictedRow } from '../../interactive/predict-task.ts';
import { mapFormats } from '../../predict/map-file.ts';
import { goneSignal } from '../gone.ts';
import { answerInLines, linesMedia, wantsLines } from '../lines.ts';
import { receiveImages } from '../receive-images.ts';
import { receiving } from '../receiving.ts';
import { route, type Route } from '../route.ts';
import type { Services } from '../services.ts';

const mostPaths = 10_000;

const scored = z.object({
  file: z.string().describe('As it was named.'),
  scores: z.record(z.string(), z.number()).describe('Raw; of a map its largest value, as NAME.max.'),
  anomalous: z.boolean().nullable().describe("At the threshold of the run's verdict; null where its graph gives none."),
  verdicts: z.record(z.string(), z.boolean()),
  uninspected: z.number().describe('Share of the image that no network saw, 0–1.'),
  map: z.string().nullable().describe('Where its map can be fetched, for a while; add ?format=png16 or npy.'),
});
const failed = z.object({ file: z.string(), error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }) });
const answer = z.object({
  id: z.string(),
  run: z.string(),
  graph: z.string(),
  category: z.string(),
  verdict: z.string().nullable().describe('The result whose verdict is the run’s.'),
  thresholds: z.record(z.string(), z.looseObject({ value: z.number(), rule: z.string(), images: z.int() })).describe('By result; from this value on it is anomalous.'),
  cautions: z.array(z.string()).describe('What the weights permit one to conclude, where that is limited.'),
  images: z.array(z.union([scored, failed])),
  summary: z.object({ images: z.int(), anomalous: z.int(), normal: z.int(), failed: z.int() }),
});
const body = z.object({
  paths: z.array(z.string().max(4096)).min(1).max(mostPaths).describe('Files in data roots.'),
  category: z.string().max(255).optional().describe('May be left out where the run has one.'),
});

/** New images, scored with finished runs. */
export function predictRoutes(services: Services): Route[] {
  const { interactive, runs } = services;
  const { predictions } = interactive;
  return [
    route({
      operation: 'predict',
      method: 'post',
      path: '/runs/{id}/predict',
      tag: 'predict',
      summary: 'Score images with a finished run: files in data roots, or images sent as files of a form',
      params: z.object({ id: z.string().describe('Id of the run.') }),
      query: z.object({ category: z.string().max(255).optional().describe('Of images that are sent.') }),
      body: body.optional(),
      accepts: ['multipart/form-data'],
      answer,
      media: [linesMedia],
      problems: {
        404: 'There is no finished run of this id.',
        413: 'It is more than may be sent at once.',
        503: 'The process that computes has ended; ask again.',
        504: 'It has not answered for long, and was ended.',
      },
      async handle({ params: { id: run }, query, body: asked, request, response }) {
        const gone = goneSignal(response);
        const { id, folder } = await predictions.begin();
        try {
          const category = asked?.category ?? query.category;
          const images = asked ? await named(asked.paths, services) : await receiving(request, response, () => receiveImages(request, folder));
          const work: ToPredict = { run: { folder: await runs.folder(run), ...(category === undefined ? {} : { category }) }, images, folder };
          const tally = new Tally(id);
          const predict = (tell: (index: number, image: Told) => void): Promise<Omit<z.input<typeof answer>, 'images'>> =>
            interactive.batches(async () => {
              const found = await predictImages(interactive.worker, work, { gone, tell: (index, row, hasMap) => tell(index, tally.take(index, row, hasMap)) });
              return { id, run, ...found, summary: tally.summary };
            });
          const told = wantsLines(request) ? await inLines(response, predict) : await atOnce(predict);
          await predictions.keep(id);
          return told;
        } catch (error) {
          await predictions.abandon(id);
          throw error;
        }
      },
    }),
    route({
      operation: 'showMap',
      method: 'get',
      path: '/predictions/{id}/maps/{index}',
      tag: 'predict',
      summary: 'The map of an image that was scored, in the coordinates of the image',
      params: z.object({ id: z.uuid(), index: z.coerce.number().int().min(0) }),
      query: z.object({ format: z.enum(mapFormats).default('png').describe('png: a picture; png16: 16 bits on one scale, which is told in it; npy: float32 as it is.') }),
      answer: z.undefined(),
      media: ['image/png', 'application/octet-stream'],
      problems: { 404: 'There is no such prediction any more, or the image has no map.' },
      async handle({ params: { id, index }, query: { format }, response }) {
        const file = await interactive.maps(() => mapDrawn(interactive.worker, predictions.folder(id), index, format));
        response.type(format === 'npy' ? 'application/octet-stream' : 'image/png').set('Cache-Control', 'private, max-age=600');
        await new Promise<void>((resolve, reject) => response.sendFile(file, { dotfiles: 'allow' }, (error) => (error ? reject(error) : resolve())));
      },
    }),
  ];
}

type Told = z.input<typeof scored> | z.input<typeof failed>;

/** Rows as clients are told them, counted. */
class Tally {
  readonly summary = { images: 0, anomalous: 0, normal: 0, failed: 0 };
  readonly #prediction: string;

  constructor(prediction: string) {
    this.#prediction = prediction;
  }

  take(index: number, row: PredictedRow, hasMap: boolean): Told {
    this.summary.images++;
    if ('error' in row) {
      this.summary.failed++;
      const { error, file } = row;
      const { code, message, hint } = error;
      return { file, error: { code, message, ...(hint === undefined ? {} : { hint }) } };
    }
    if (row.anomalous !== null) this.summary[row.anomalous ? 'anomalous' : 'normal']++;
    return { ...row, map: hasMap ? `/api/predictions/${this.#prediction}/maps/${index}` : null };
  }
}

type Predict = (tell: (index: number, image: Told) => void) => Promise<Omit<z.input<typeof answer>, 'images'>>;

async function atOnce(predict: Predict): Promise<z.input<typeof answer>> {
  const images: Told[] = [];
  return { ...(await predict((_index, image) => images.push(image))), images };
}

/** A line for each image as it is scored, then one for what holds for all. */
async function inLines(response: Response, predict: Predict): Promise<void> {
  await answerInLines(response, async (line) => line({ end: await predict((index, image) => line({ index, image })) }));
}

/** A path that may not be read is an image that failed, like one that cannot be. */
function named(paths: readonly string[], { roots }: Pick<Services, 'roots'>): Promise<ToPredict['images']> {
  return Promise.all(
    paths.map(async (name) => {
      const file = await roots.resolve(name).catch((error: unknown) => {
        if (error instanceof StillroomError) return error;
        throw error;
      });
      return { name, file };
    }),
  );
}
