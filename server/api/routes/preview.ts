import { z } from 'zod';
import { StillroomError } from '../../../plugins/sdk/problem.ts';
import { check } from '../../compiler/check.ts';
import { confineWeights } from '../../datasets/confine-weights.ts';
import type { PictureShelf } from '../../interactive/picture-shelf.ts';
import { renderingSchema, type Rendered } from '../../interactive/rendering.ts';
import { fileOf, givenImageSchema, uploadId } from '../given-images.ts';
import { givenGraph } from '../given-graph.ts';
import { goneSignal } from '../gone.ts';
import { pictureSchema, placedPicture, rangeSchema } from '../placed-picture.ts';
import { receiveImages } from '../receive-images.ts';
import { receiving } from '../receiving.ts';
import { route, type Route } from '../route.ts';
import { runFolder, runSchema } from '../run-folder.ts';
import type { Services } from '../services.ts';

const size = z.object({ height: z.int(), width: z.int() });
const shown = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('image'), picture: pictureSchema, range: rangeSchema }),
    z.object({
      kind: z.enum(['mean', 'map']),
      picture: pictureSchema,
      range: rangeSchema,
      colours: z.array(z.string()).describe('The colours from the low end of the range to the high one, at even distances, `#rrggbb`.'),
    }),
    z.object({ kind: z.literal('channels'), picture: pictureSchema, channels: z.array(z.int()), columns: z.int(), tile: size, gap: z.int() }),
    z.object({ kind: z.literal('pca'), picture: pictureSchema, explained: z.array(z.number()).describe('Share of the variance along each direction.') }),
    z.object({
      kind: z.literal('histogram'),
      low: z.number(),
      high: z.number(),
      counts: z.array(z.int()),
      mean: z.number(),
      deviation: z.number(),
      notFinite: z.int().describe('Values that are infinite or no number; they are in no bin.'),
    }),
    z.object({ kind: z.literal('score'), score: z.number().nullable().describe('Null where it is no finite number.') }),
    z.object({ kind: z.literal('raw'), picture: pictureSchema }),
  ])
  .meta({ id: 'Shown' });

const body = z.object({
  document: z.unknown().optional().describe('A graph document; or name a kept graph.'),
  graph: z.string().optional(),
  revision: z.int().min(1).optional().describe('Of the kept graph; the newest where absent.'),
  run: runSchema.optional().describe('The run whose fitted weights are used; weights as they start where absent.'),
  category: z.string().max(255).optional().describe('May be left out where the run has one.'),
  images: z.array(z.object({ image: givenImageSchema, view: z.int().min(0).default(0).describe('Which tile, where the graph cuts images into tiles.') })).min(1).max(16),
  wanted: z
    .array(z.object({ node: z.string(), socket: z.string().describe('An output; or an input, for what flows into it.'), as: renderingSchema.default({ kind: 'auto' }) }))
    .min(1)
    .max(64),
  client: z.string().max(100).optional().describe('Names who asks: a newer preview of the same client supersedes its older ones.'),
  turn: z.int().min(0).optional().describe('Grows with each preview of a client, so that an older one stays older though it may come later.'),
});

const answer = z.object({
  images: z.array(z.object({ view: z.int(), views: z.int(), size })),
  nodes: z
    .record(
      z.string(),
      z.object({
        weights: z.enum(['fitted', 'stale', 'unfitted', 'frozen']).nullable().describe('Stale: fitted when it or what comes before it was another. Null: it has none.'),
        milliseconds: z.number(),
        computed: z.int().describe('For how many images it was computed.'),
        cached: z.int().describe('For how many it was known.'),
      }),
    )
    .describe('What the wanted values depend on.'),
  values: z.array(
    z.object({
      image: z.int().describe('Place in `images`.'),
      node: z.string(),
      socket: z.string(),
      type: z.string(),
      shape: z.array(z.int()).describe('Of one sample.'),
      stride: z.number().optional(),
      shown,
    }),
  ),
  milliseconds: z.number().describe('What all of it took, waiting included.'),
});

const problems = {
  403: 'A file outside of the data roots.',
  404: 'There is no such graph, run or image.',
  409: 'A newer preview of the same client was asked for.',
  503: 'The process that computes has ended; ask again.',
  504: 'It has not answered for long, and was ended.',
};

/** What flows in a graph, on images of one's choice. */
export function previewRoutes(services: Services): Route[] {
  const { interactive, registry } = services;
  return [
    route({
      operation: 'preview',
      method: 'post',
      path: '/preview',
      tag: 'preview',
      summary: 'Run what lies above some sockets of a graph on some images, and show what flows there',
      body,
      answer,
      problems,
      async handle({ body: { client, turn, images, wanted, run, category, ...given }, response }) {
        const begun = performance.now();
        const { document } = await givenGraph(services, given);
        await confineWeights(check(document, registry).nodes.values(), {}, { registry: await services.weights.registry(), roots: services.roots });
        const task = {
          document,
          run: run === undefined ? null : { folder: await runFolder(run, services), ...(category === undefined ? {} : { category }) },
          images: await Promise.all(images.map(async ({ image, view }) => ({ file: await fileOf(image, services), view }))),
          wanted,
        };
        const found = await interactive.previews.ask(task, { client, turn, gone: goneSignal(response) });
        return {
          images: found.images.map(({ file: _file, ...image }) => image),
          nodes: found.nodes,
          values: found.values.map(({ rendered, ...value }) => ({ ...value, shown: shownOf(rendered, interactive.pictures) })),
          milliseconds: performance.now() - begun,
        };
      },
    }),
    route({
      operation: 'uploadPreviewImages',
      method: 'post',
      path: '/preview/images',
      tag: 'preview',
      summary: 'Send images to be looked at; the last ones are kept for a while',
      accepts: ['multipart/form-data'],
      answer: z.object({ images: z.array(z.object({ upload: z.string(), name: z.string() })) }),
      status: 201,
      problems: { 413: 'It is more than may be sent at once.' },
      async handle({ request, response }) {
        const { id, folder } = await interactive.uploads.begin();
        try {
          const images = await receiving(request, response, () => receiveImages(request, folder));
          await interactive.uploads.keep(id);
          return { images: images.map(({ name }, index) => ({ upload: uploadId(id, index), name })) };
        } catch (error) {
          await interactive.uploads.abandon(id);
          throw error;
        }
      },
    }),
    route({
      operation: 'showPicture',
      method: 'get',
      path: '/preview/pictures/{id}',
      tag: 'preview',
      summary: 'A picture of a preview',
      params: z.object({ id: z.string() }),
      answer: z.undefined(),
      media: ['image/png', 'application/octet-stream'],
      problems: { 404: 'There is none of this id any more.' },
      handle({ params: { id }, response }) {
        const found = interactive.pictures.get(id);
        if (!found) throw new StillroomError('no-picture', 'expected a picture that is kept, found none of this id', { hint: 'ask for the preview anew' });
        response.set('Cache-Control', 'private, max-age=600, immutable').type(found.media).send(Buffer.from(found.bytes));
      },
    }),
  ];
}

/** JSON knows no infinity. */
function shownOf(rendered: Rendered, shelf: PictureShelf): z.input<typeof shown> {
  if (rendered.kind === 'score') return { kind: 'score', score: Number.isFinite(rendered.score) ? rendered.score : null };
  if (!('picture' in rendered)) return rendered;
  return { ...rendered, picture: placedPicture(rendered.picture, shelf) };
}
