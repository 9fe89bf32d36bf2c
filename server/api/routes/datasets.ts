import { z } from 'zod';
import { StillroomError } from '../../../plugins/sdk/problem.ts';
import { demoCategories } from '../../data/demo/generate.ts';
import type { DatasetRecord } from '../../datasets/dataset-store.ts';
import type { Datasets, DemoState } from '../../datasets/datasets.ts';
import { hasChanged } from '../../datasets/scan.ts';
import type { ScanState } from '../../datasets/scans.ts';
import { locatedProblem } from '../located-problem.ts';
import { pageOf, pageQuery } from '../page-of.ts';
import { receiving } from '../receiving.ts';
import { route, type Route } from '../route.ts';
import type { Services } from '../services.ts';

const progress = z.object({ done: z.int(), total: z.int() });
export const scanState = z
  .object({
    state: z.enum(['none', 'waiting', 'scanning', 'done', 'failed', 'cancelled']),
    progress: progress.optional().describe('Files looked at.'),
    images: z.int().optional().describe('How many there are, once they were looked at.'),
    problem: locatedProblem.optional(),
  })
  .meta({ id: 'ScanState' });
const record = z.object({ id: z.string(), name: z.string(), path: z.string(), registered: z.string().describe('ISO 8601.') }).meta({ id: 'DatasetRecord' });
const dataset = record
  .extend({
    folder: z.enum(['there', 'gone', 'outside']).describe('Whether the folder is where it was, and in a data root.'),
    changed: z.boolean().nullable().describe('Whether files came or went since the last scan; null where there was none.'),
    scan: scanState,
  })
  .meta({ id: 'Dataset' });
const demo = z
  .object({
    state: z.enum(['none', 'drawing', 'done', 'failed']),
    progress: progress.optional().describe('Images drawn.'),
    dataset: z.string().optional().describe('Id of the dataset, once it is there.'),
    problem: locatedProblem.optional(),
  })
  .meta({ id: 'DemoState' });
const size = z.object({ width: z.int(), height: z.int() });
const counts = z.record(z.string(), z.int());
const category = z.object({
  name: z.string(),
  train: z.int(),
  validation: z.int().nullable().describe('Images that the dataset keeps to validate on; null where it leaves that to the run.'),
  good: z.int(),
  defective: z.int(),
  masks: z.int(),
  sizes: z.object({ distinct: z.int(), smallest: size, median: size, largest: size }),
  formats: counts,
  bits: counts,
  colours: counts,
  alpha: z.int(),
  defects: z.record(
    z.string(),
    z.object({ images: z.int(), masks: z.int(), coverage: z.object({ min: z.number(), median: z.number(), max: z.number() }).nullable().describe('Share of an image that is marked, 0–1.') }),
  ),
});

export const byId = z.object({ id: z.string().describe('Id of the dataset.') });
export const missing = { 404: 'There is no dataset of this id.' };
const name = z.string().trim().min(1).max(200);

/** Folders of images: register, list, scan, describe, upload, and the demo set. */
export function datasetRoutes({ datasets }: Pick<Services, 'datasets'>): Route[] {
  return [
    route({
      operation: 'listDatasets',
      method: 'get',
      path: '/datasets',
      tag: 'datasets',
      summary: 'Every dataset that is registered, by name',
      query: z.object(pageQuery),
      answer: z.object({
        total: z.int(),
        datasets: z.array(record.extend({ scan: scanState })),
        setAside: z.array(z.object({ file: z.string(), message: z.string() })).describe('Records that could not be read when the server started.'),
      }),
      async handle({ query }) {
        const all = datasets.store.list();
        const page = pageOf(all, query).map(async (one) => ({ ...one, scan: await datasets.scans.state(one.id) }));
        return { total: all.length, datasets: await Promise.all(page), setAside: datasets.store.setAside };
      },
    }),
    route({
      operation: 'registerDataset',
      method: 'post',
      path: '/datasets',
      tag: 'datasets',
      summary: 'Register a folder inside a data root; one that is known keeps its id',
      body: z.object({ path: z.string().min(1).max(4096).describe('Absolute.'), name: name.optional().describe("The folder's own where absent.") }),
      answer: record,
      status: 201,
      problems: { 403: 'The folder is in no data root.' },
      handle: ({ body: { path, name: given } }) => datasets.register(path, given),
    }),
    route({
      operation: 'uploadDataset',
      method: 'post',
      path: '/datasets/upload',
      tag: 'datasets',
      summary: 'Send a dataset: a form with parts "files", each with its relative path as file name, or one part "archive"; or a zip archive as the body',
      query: z.object({ name: z.string().describe('Of the folder that is made, and of the dataset.') }),
      accepts: ['multipart/form-data', 'application/zip'],
      answer: record,
      status: 201,
      problems: { 409: 'There is a folder of this name.', 413: 'More is sent than may be, or unpacks to more.', 415: 'It is neither a form nor an archive.' },
      handle: ({ query, request, response }) => receiving(request, response, () => datasets.upload(request, query.name)),
    }),
    route({
      operation: 'readDemo',
      method: 'get',
      path: '/datasets/demo',
      tag: 'datasets',
      summary: 'How far the generated demo set is. The topic "datasets/demo" tells the same',
      answer: demo,
      handle: (): DemoState => datasets.demo,
    }),
    route({
      operation: 'drawDemo',
      method: 'post',
      path: '/datasets/demo',
      tag: 'datasets',
      summary: 'Draw the generated demo set, unless it is there, and register it',
      body: z.object({ categories: z.array(z.enum(demoCategories as [string, ...string[]])).min(1).optional().describe('All where absent.') }),
      answer: demo,
      status: 202,
      handle: ({ body: { categories } }): DemoState => datasets.drawDemo(categories),
    }),
    route({
      operation: 'readDataset',
      method: 'get',
      path: '/datasets/{id}',
      tag: 'datasets',
      summary: 'A dataset: where it is, and whether it is as it was scanned',
      params: byId,
      answer: dataset,
      problems: missing,
      handle: ({ params: { id } }) => described(datasets, datasets.store.read(id)),
    }),
    route({
      operation: 'renameDataset',
      method: 'patch',
      path: '/datasets/{id}',
      tag: 'datasets',
      summary: 'Give a dataset another name',
      params: byId,
      body: z.object({ name }),
      answer: record,
      problems: missing,
      handle: ({ params: { id }, body }) => datasets.store.rename(id, body.name),
    }),
    route({
      operation: 'forgetDataset',
      method: 'delete',
      path: '/datasets/{id}',
      tag: 'datasets',
      summary: 'Forget a dataset; its folder and files stay',
      params: byId,
      answer: z.undefined(),
      status: 204,
      problems: missing,
      handle: ({ params: { id } }) => datasets.forget(id),
    }),
    route({
      operation: 'scanDataset',
      method: 'post',
      path: '/datasets/{id}/scan',
      tag: 'datasets',
      summary: 'Look at every image, in the background, unless that goes on. The topic "datasets/ID" tells how far it is',
      params: byId,
      body: z.object({ again: z.boolean().default(false).describe('Even where no file has changed.') }),
      answer: scanState,
      status: 202,
      problems: { ...missing, 410: 'The folder is gone.' },
      handle: async ({ params: { id }, body }): Promise<ScanState> => datasets.scans.start(await datasets.open(id), body.again),
    }),
    route({
      operation: 'cancelScan',
      method: 'delete',
      path: '/datasets/{id}/scan',
      tag: 'datasets',
      summary: 'End a scan that goes on; an earlier one stays',
      params: byId,
      answer: scanState,
      problems: missing,
      async handle({ params: { id } }): Promise<ScanState> {
        datasets.store.read(id);
        await datasets.scans.cancel(id);
        return datasets.scans.state(id);
      },
    }),
    route({
      operation: 'readScan',
      method: 'get',
      path: '/datasets/{id}/scan',
      tag: 'datasets',
      summary: 'What was found: categories with counts, sizes and defects, and what is not as it should be',
      params: byId,
      query: z.object(pageQuery),
      answer: z.object({
        at: z.string().describe('ISO 8601.'),
        layout: z.string(),
        sha256: z.string().describe("Of all images and masks; as a run's manifest gives it."),
        images: z.int(),
        categories: z.array(category),
        totalProblems: z.int(),
        problems: z.array(locatedProblem).describe('The part that offset and limit say.'),
      }),
      problems: { ...missing, 409: 'It was not scanned.' },
      async handle({ params: { id }, query }) {
        datasets.store.read(id);
        const { at, layout, sha256, images, categories, problems } = await datasets.scans.result(id);
        return { at, layout, sha256, images: images.length, categories, totalProblems: problems.length, problems: pageOf(problems, query) };
      },
    }),
    route({
      operation: 'listFolders',
      method: 'get',
      path: '/folders',
      tag: 'datasets',
      summary: 'The folders in a folder inside a data root; the data roots where none is named',
      query: z.object({ path: z.string().max(4096).optional() }),
      answer: z.object({ path: z.string().nullable(), folders: z.array(z.object({ name: z.string(), path: z.string() })) }),
      problems: { 403: 'The folder is in no data root.' },
      handle: ({ query: { path } }) => datasets.browse(path),
    }),
  ];
}

async function described(datasets: Datasets, found: DatasetRecord): Promise<z.output<typeof dataset>> {
  const folder = await datasets.open(found.id).then(
    () => 'there' as const,
    (error: unknown) => {
      if (!(error instanceof StillroomError)) throw error;
      return error.code === 'outside-roots' ? ('outside' as const) : ('gone' as const);
    },
  );
  const scan = await datasets.scans.find(found.id);
  return { ...found, folder, changed: scan && folder !== 'outside' ? await hasChanged(found.path, scan) : null, scan: await datasets.scans.state(found.id) };
}
