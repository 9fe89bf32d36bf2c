import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StillroomError } from '../../../plugins/sdk/index.ts';
import { isInside } from '../../data/lie-within.ts';
import { askedSchema } from '../../queue/asked.ts';
import { confine } from '../../queue/confine.ts';
import { jobStates, problemSchema } from '../../queue/job.ts';
import { figuresSchema } from '../../queue/run-index.ts';
import { readRun } from '../../runs/run-record.ts';
import { givenGraph } from '../given-graph.ts';
import { pageOf, pageQuery } from '../page-of.ts';
import { route, type Route } from '../route.ts';
import type { Services } from '../services.ts';

const progress = z.object({
  category: z.string().nullable(),
  index: z.int().describe('Of how many categories it is the how-manieth, from 1.'),
  total: z.int(),
  work: z
    .object({
      fits: z.array(z.object({ fit: z.string(), epochs: z.int() })).describe('In the order they run, with the most epochs that each may take.'),
      images: z.object({ train: z.int(), validation: z.int(), test: z.int() }),
    })
    .nullable()
    .describe('What the category asks for.'),
  share: z.number().describe('Of the whole run, 0–1, estimated by the passes of images that its parts take; it only grows.'),
  stage: z.enum(['preparing', 'reading', 'fit', 'calibrate', 'predict']),
  fit: z.string().nullable().describe('The node whose fit is at work.'),
  nodes: z.array(z.string()).describe('Nodes at work.'),
  epoch: z.int(),
  epochs: z.int(),
  done: z.int().describe('Steps or images, whichever are counted now.'),
  of: z.int(),
  stepsPerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable().describe('Until the fit has run all its epochs.'),
  memory: z.number().describe('Resident memory of its process, bytes.'),
});
const summary = z
  .object({
    id: z.string(),
    name: z.string(),
    state: z.enum([...jobStates, 'interrupted', 'broken']),
    stopping: z.enum(['cancelled', 'paused']).nullable().describe('What a run at work is about to become.'),
    isQueued: z.boolean().describe('Whether it was asked for here, so that it can be cancelled, paused and gone on with here.'),
    priority: z.int(),
    graph: z.object({ id: z.string(), revision: z.int() }).nullable(),
    seed: z.number(),
    created: z.string(),
    ended: z.string().nullable(),
    problem: problemSchema.nullable(),
    progress: progress.nullable(),
    cautions: z.array(z.string()).describe('What its weights permit one to conclude of its figures, where that is limited.'),
    metrics: z.record(z.string(), figuresSchema).describe('By category; fractions, 0–1.'),
  })
  .meta({ id: 'Run' });
const logged = z.object({ seq: z.int(), at: z.string(), event: z.looseObject({ type: z.string() }) }).meta({ id: 'RunEvent' });
const byId = z.object({ id: z.string().describe('Id of the run: the name of its folder.') });
const priority = z.int().min(-100).max(100).describe('The larger the sooner; of equal ones the one asked for first.');
const missing = { 404: 'There is no run of this id.' };

const actions = [
  { action: 'cancel', does: 'cancel', summary: 'Cancel a run; one at work saves its last whole epoch first' },
  { action: 'pause', does: 'pause', summary: 'Pause a run; one at work saves its last whole epoch first' },
  { action: 'resume', does: 'resume', summary: 'Go on with a paused run from its last whole epoch' },
  { action: 'retry', does: 'resume', summary: 'Go on with a run that failed or was cancelled, from its last whole epoch' },
] as const;

/** Runs: ask for them, watch them, halt them and go on, read what they have found. */
export function runRoutes(services: Services): Route[] {
  const { runs, queue, datasets } = services;
  return [
    route({
      operation: 'listRuns',
      method: 'get',
      path: '/runs',
      tag: 'runs',
      summary: 'Every run, the newest first',
      query: z.object({ ...pageQuery, state: z.enum(summary.shape.state.options).optional(), name: z.string().optional().describe('Part of the name.') }),
      answer: z.object({ total: z.int(), runs: z.array(summary) }),
      async handle({ query: { state, name, ...page } }) {
        const wanted = name?.toLowerCase() ?? '';
        const all = await runs.list();
        const found = all.filter((run) => (state === undefined || run.state === state) && run.name.toLowerCase().includes(wanted));
        return { total: found.length, runs: pageOf(found, page) };
      },
    }),
    route({
      operation: 'queueRun',
      method: 'post',
      path: '/runs',
      tag: 'runs',
      summary: 'Ask for a run of a graph on a dataset',
      body: askedSchema.extend({
        graph: z.string().optional().describe('Id of a kept graph; or give a document.'),
        revision: z.int().min(1).optional().describe('Of the kept graph; the newest where absent.'),
        document: z.unknown().optional().describe('A graph document.'),
        dataset: z.string().optional().describe('Id of a registered dataset, in place of a folder in "data".'),
        name: z.string().min(1).max(200).optional().describe('The name of the graph where absent.'),
        priority: priority.default(0),
      }),
      answer: summary,
      status: 202,
      problems: { 403: 'A file or folder outside of the data roots.', 404: 'There is no graph, or no dataset, of this id.' },
      async handle({ body: { graph, revision, document: whole, dataset, name, priority: wanted, ...asked } }) {
        const { document, kept } = await givenGraph(services, { graph, revision, document: whole });
        const data = dataset === undefined ? asked.data : (await datasets.open(dataset)).path;
        const confined = await confine(document, { ...asked, data }, services);
        const job = await queue.submit({ document, asked: confined, name: name ?? document.name, priority: wanted, graph: kept });
        return runs.now(job.id);
      },
    }),
    route({
      operation: 'readRun',
      method: 'get',
      path: '/runs/{id}',
      tag: 'runs',
      summary: 'A run: what was asked for, where it is, what it has measured',
      params: byId,
      answer: summary.extend({
        asked: askedSchema.nullable(),
        attempts: z.array(z.looseObject({ started: z.string(), ended: z.string().nullable(), outcome: z.string().nullable() })),
        manifest: z.looseObject({}).nullable(),
        results: z.record(z.string(), z.looseObject({})).describe('Metrics by category, those of every named result too.'),
        missing: z.array(z.string()).describe('What of its files is not there or cannot be read.'),
      }),
      problems: missing,
      async handle({ params: { id } }) {
        const short = await runs.summary(id);
        const job = queue.job(id);
        const record = await readRun(await runs.folder(id)).catch(() => null);
        return {
          ...short,
          asked: job?.asked ?? null,
          attempts: job?.attempts ?? [],
          manifest: record?.manifest ?? null,
          results: record?.metrics ?? {},
          missing: record?.missing ?? [],
        };
      },
    }),
    route({
      operation: 'prioritiseRun',
      method: 'patch',
      path: '/runs/{id}',
      tag: 'runs',
      summary: 'Change the priority of a run',
      params: byId,
      body: z.object({ priority }),
      answer: summary,
      problems: missing,
      async handle({ params: { id }, body }) {
        await queue.prioritise(id, body.priority);
        return runs.now(id);
      },
    }),
    ...actions.map(({ action, does, summary: what }) =>
      route({
        operation: `${action}Run`,
        method: 'post',
        path: `/runs/{id}/${action}`,
        tag: 'runs',
        summary: what,
        params: byId,
        answer: summary,
        status: 202,
        problems: { ...missing, 409: 'The run is over, or at work.' },
        async handle({ params: { id } }) {
          await queue[does](id);
          return runs.now(id);
        },
      }),
    ),
    route({
      operation: 'removeRun',
      method: 'delete',
      path: '/runs/{id}',
      tag: 'runs',
      summary: 'Take a run out of the list; its folder is kept among the removed',
      params: byId,
      answer: z.undefined(),
      status: 204,
      problems: { ...missing, 409: 'The run is at work.' },
      handle: ({ params: { id } }) => runs.remove(id),
    }),
    route({
      operation: 'listEvents',
      method: 'get',
      path: '/runs/{id}/events',
      tag: 'runs',
      summary: 'What happened in a run, from a number on; sockets tell the same as it happens',
      params: byId,
      query: z.object({ after: z.coerce.number().int().min(0).default(0), limit: z.coerce.number().int().min(1).max(5000).default(1000) }),
      answer: z.object({ last: z.int().describe('Number of the newest.'), events: z.array(logged) }),
      problems: missing,
      async handle({ params: { id }, query: { after, limit } }) {
        await runs.folder(id);
        const log = await queue.log(id);
        return { last: log.last, events: await log.after(after, limit) };
      },
    }),
    route({
      operation: 'readCategory',
      method: 'get',
      path: '/runs/{id}/categories/{category}',
      tag: 'runs',
      summary: 'A category of a run: losses, curves, raw scores of its test images, pictures of maps',
      params: byId.extend({ category: z.string() }),
      answer: z.object({
        fits: z.array(z.object({ fit: z.string(), epochs: z.array(z.looseObject({ epoch: z.int() })) })),
        reports: z.record(z.string(), z.looseObject({})).nullable(),
        scores: z.array(z.object({ file: z.string(), defect: z.string(), anomalous: z.boolean(), scores: z.record(z.string(), z.number()), map: z.string().nullable().describe('Path of its picture in the run.') })).nullable(),
      }),
      problems: missing,
      async handle({ params: { id, category } }) {
        const folder = await runs.folder(id);
        const found = (await readRun(folder)).categories.find(({ name }) => name === category);
        if (!found) throw new StillroomError('no-category', `expected a category of the run, found ${JSON.stringify(category)}`);
        const pathOf = (file: string | undefined): string | null => (file === undefined ? null : file.slice(folder.length + 1).replaceAll('\\', '/'));
        return { fits: found.fits, reports: found.reports, scores: found.scores?.map((one) => ({ ...one, map: pathOf(found.maps.get(one.file)) })) ?? null };
      },
    }),
    route({
      operation: 'readFileOfRun',
      method: 'get',
      path: '/runs/{id}/file',
      tag: 'runs',
      summary: 'A file of a run, such as report.html or a picture',
      params: byId,
      query: z.object({ path: z.string().min(1).max(4000) }),
      answer: z.undefined(),
      media: ['application/octet-stream'],
      problems: { 404: 'There is no such run, or no such file in it.' },
      async handle({ params: { id }, query: { path }, response }) {
        const file = await fileWithin(await runs.folder(id), path);
        // A report brings its own styles, and no script or address of ours may be reached from it.
        response.set('Content-Security-Policy', "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox");
        await new Promise<void>((resolve, reject) => response.sendFile(file, { dotfiles: 'deny' }, (error) => (error ? reject(error) : resolve())));
      },
    }),
    route({
      operation: 'readQueue',
      method: 'get',
      path: '/queue',
      tag: 'runs',
      summary: 'The queue of runs',
      answer: z.object({ concurrency: z.int(), isHeld: z.boolean() }),
      handle: () => ({ concurrency: queue.concurrency, isHeld: queue.isHeld }),
    }),
    route({
      operation: 'changeQueue',
      method: 'patch',
      path: '/queue',
      tag: 'runs',
      summary: 'Hold the queue, so that no queued run begins; or say how many may be at work at once. Both stay so over restarts',
      body: z.object({ concurrency: z.int().min(1).max(64).optional(), isHeld: z.boolean().optional() }),
      answer: z.object({ concurrency: z.int(), isHeld: z.boolean() }),
      async handle({ body: { concurrency, isHeld } }) {
        if (concurrency !== undefined) await queue.limit(concurrency);
        if (isHeld !== undefined) await queue.hold(isHeld);
        return { concurrency: queue.concurrency, isHeld: queue.isHeld };
      },
    }),
  ];
}

/** The real path of a file of a run. Throws `no-file` for what is not there, or lies elsewhere. */
async function fileWithin(folder: string, path: string): Promise<string> {
  const root = await realpath(folder).catch(() => folder);
  const file = path.includes('\0') ? undefined : await realpath(join(folder, path)).catch(() => undefined);
  if (file === undefined || file === root || !isInside(file, root)) throw new StillroomError('no-file', `expected a file of the run, found ${JSON.stringify(path.slice(0, 200))}`);
  return file;
}
