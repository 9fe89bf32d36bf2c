import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StillroomError } from '../../../plugins/sdk/problem.ts';
import type { Roots } from '../../datasets/roots.ts';
import { describeWeights } from '../../weights/describe-weights.ts';
import type { RegisteredWeights, WeightsRegistry } from '../../weights/registry.ts';
import { bytesOf, type WeightsShelf } from '../../weights/shelf.ts';
import { locatedProblem } from '../located-problem.ts';
import { receiving } from '../receiving.ts';
import { route, type Route } from '../route.ts';
import type { Services } from '../services.ts';

const triple = z.tuple([z.number(), z.number(), z.number()]);
const normalisation = z.object({ mean: triple, deviation: triple }).describe('Of the input, RGB 0–1.');
const padding = z.enum(['torch', 'same']);
const download = z
  .object({
    state: z.enum(['none', 'downloading', 'done', 'failed', 'cancelled']),
    progress: z
      .object({ stage: z.string(), subject: z.string(), done: z.number(), total: z.number().optional(), unit: z.enum(['bytes', 'steps']) })
      .optional(),
    problem: locatedProblem.optional(),
  })
  .meta({ id: 'DownloadState' });
const weights = z
  .object({
    name: z.string(),
    architecture: z.string(),
    title: z.string(),
    publisher: z.string(),
    licence: z.string(),
    caution: z.string().optional(),
    sha256: z.string().optional().describe('Or its leading digits.'),
    normalisation,
    padding,
    default: z.boolean().describe('Whether the architecture has these where nobody names any.'),
    whereabouts: z.enum(['shipped', 'added', 'cached', 'absent', 'missing']).describe('"absent" is fetched on use; "missing" was here and is not.'),
    file: z.string(),
    bytes: z.int().optional().describe('Of what is here.'),
    size: z.string().optional().describe('As the publisher states it.'),
    download,
  })
  .meta({ id: 'Weights' });
const coverage = {
  keyMap: z.string().describe('Whose names the tensors have.'),
  missing: z.array(z.string()),
  unused: z.array(z.string()),
  ignored: z.array(z.string()),
  problems: z.array(locatedProblem),
};
const added = z.object({ name: z.string(), ...coverage }).meta({ id: 'AddedWeights' });
const figure = z.number().nullable();
const check = z
  .object({
    name: z.string(),
    architecture: z.string(),
    title: z.string(),
    file: z.string(),
    sha256: z.string(),
    normalisation,
    padding,
    ...coverage,
    untold: z.array(z.string()).describe('What cannot be told of them.'),
    form: z.enum(['plain', 'folded']),
    reaches: z.string().nullable().describe('The last stage that is covered, where there is nothing of those after it; null where all are covered, or some in part.'),
    stages: z.array(z.object({ stage: z.string(), shape: z.array(z.int()), mean: figure, deviation: figure, largest: figure, zeros: figure, deadChannels: z.int(), notFinite: z.int() })),
    fits: z.array(z.object({ form: z.object({ name: z.string(), mean: triple, deviation: triple, order: z.enum(['RGB', 'BGR']) }), divergence: figure, ratio: figure })),
    firstLayer: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'WeightsCheck' });

const byName = z.object({ name: z.string().describe('Such as resnet18.torchvision.') });
const missing = { 404: 'No weights of this name are registered.' };
const newName = z.string().min(1).max(200).describe('To use it by, such as resnet18.mine.');
const architecture = z.string().max(200).optional().describe('What it holds weights of; found out by looking where absent.');

/** Pretrained weights: which there are, having them fetched, checked, added and removed. */
export function weightsRoutes({ weights: shelf, roots, engine }: Pick<Services, 'weights' | 'roots' | 'engine'>): Route[] {
  return [
    route({
      operation: 'listWeights',
      method: 'get',
      path: '/weights',
      tag: 'weights',
      summary: 'All weights that can be named, and where they are',
      query: z.object({ architecture: z.string().optional() }),
      answer: z.object({ architectures: z.array(z.object({ name: z.string(), title: z.string() })), weights: z.array(weights) }),
      async handle({ query }) {
        const registry = await shelf.registry();
        const wanted = registry.entries.filter((entry) => query.architecture === undefined || entry.architecture === query.architecture);
        return {
          architectures: [...registry.architectures.values()].map(({ name, title }) => ({ name, title })),
          weights: await Promise.all(wanted.map((entry) => described(entry, registry, shelf))),
        };
      },
    }),
    route({
      operation: 'addWeights',
      method: 'post',
      path: '/weights',
      tag: 'weights',
      summary: 'Add a file of weights, or a folder of arrays, inside a data root: a copy is kept',
      body: z.object({ name: newName, path: z.string().min(1).max(4096).describe('Absolute.'), architecture }),
      answer: added,
      status: 201,
      problems: { 403: 'The file is in no data root.', 409: 'The name is taken.' },
      handle: async ({ body }) => shelf.add(body.name, await resolveAll(roots, body.path), body.architecture),
    }),
    route({
      operation: 'uploadWeights',
      method: 'post',
      path: '/weights/upload',
      tag: 'weights',
      summary: 'Send a file of weights (safetensors, PyTorch, NumPy) as the body, and add it',
      query: z.object({ name: newName, file: z.string().describe('Its name, such as trunk.safetensors.'), architecture }),
      accepts: ['application/octet-stream'],
      answer: added,
      status: 201,
      problems: { 409: 'The name is taken.', 413: 'More is sent than may be.' },
      handle: ({ query, request, response }) => receiving(request, response, () => shelf.receive(request, query.name, query.file, query.architecture)),
    }),
    route({
      operation: 'fetchWeights',
      method: 'post',
      path: '/weights/fetch',
      tag: 'weights',
      summary: 'Fetch a file from an address that the user has confirmed, in the background, and add it; the topic "weights/NAME" tells how far that is',
      body: z.object({
        name: newName,
        url: z.string().max(2000).describe('https, of the Internet, and what it redirects to likewise.'),
        confirm: z.literal(true).describe('That the user was shown the address and wants the file.'),
        architecture,
      }),
      answer: download,
      status: 202,
      problems: { 403: 'The address may not be fetched from.', 409: 'The name is taken.' },
      handle: ({ body }) => shelf.downloadFrom(body.url, body.name, body.architecture),
    }),
    route({
      operation: 'removeWeights',
      method: 'delete',
      path: '/weights/{name}',
      tag: 'weights',
      summary: 'Remove weights that were added, and their copy',
      params: byName,
      answer: z.undefined(),
      status: 204,
      problems: { ...missing, 409: 'They were not added.' },
      handle: ({ params: { name } }) => shelf.remove(name),
    }),
    route({
      operation: 'downloadWeights',
      method: 'post',
      path: '/weights/{name}/download',
      tag: 'weights',
      summary: 'Fetch registered weights in the background, unless they are here. The topic "weights/NAME" tells how far that is',
      params: byName,
      body: z.object({}),
      answer: download,
      status: 202,
      problems: missing,
      handle: ({ params: { name } }) => shelf.download(name),
    }),
    route({
      operation: 'cancelDownload',
      method: 'delete',
      path: '/weights/{name}/download',
      tag: 'weights',
      summary: 'End a download that goes on; the next one goes on from there',
      params: byName,
      answer: download,
      problems: missing,
      handle: ({ params: { name } }) => shelf.cancel(name),
    }),
    route({
      operation: 'checkWeights',
      method: 'post',
      path: '/weights/{name}/check',
      tag: 'weights',
      summary: 'Try weights that are here on generated images: what each stage gives, and what looks wrong. Takes seconds',
      params: byName,
      body: z.object({}),
      answer: check,
      problems: { ...missing, 409: 'They are not here yet.', 503: 'There is no engine yet.' },
      handle({ params: { name } }) {
        if (engine.state.state === 'ready') return shelf.check(name);
        throw new StillroomError('engine-missing', 'expected TensorFlow to compute with, found none yet', { hint: 'POST /api/engine/install, and wait for it' });
      },
    }),
  ];
}

async function described(entry: RegisteredWeights, registry: WeightsRegistry, shelf: WeightsShelf): Promise<z.output<typeof weights>> {
  const { source, present, ...facts } = describeWeights(entry, registry);
  const { kind, size } = source as { kind: typeof source.kind; size?: string };
  const bytes = present ? await bytesOf(facts.file) : undefined;
  const here = kind === 'bundled' ? 'shipped' : kind === 'file' ? 'added' : 'cached';
  const whereabouts = present ? here : here === 'cached' ? 'absent' : 'missing';
  return {
    ...facts,
    normalisation: { mean: [...facts.normalisation.mean], deviation: [...facts.normalisation.deviation] },
    whereabouts,
    ...(bytes === undefined ? {} : { bytes }),
    ...(size === undefined ? {} : { size }),
    download: shelf.state(entry.name),
  };
}

/** The real path of a file, or of a folder all of whose entries lie in a root too. */
async function resolveAll(roots: Roots, path: string): Promise<string> {
  const real = await roots.resolve(path);
  if ((await stat(real)).isDirectory()) for (const name of await readdir(real)) await roots.resolve(join(real, name));
  return real;
}
