import { z } from 'zod';
import { StillroomError } from '../../../plugins/sdk/index.ts';
import { compareRuns } from '../../runs/compare.ts';
import { comparisonRows } from '../../runs/tables/rows.ts';
import { tableFormats, tables } from '../../runs/tables/formats.ts';
import { attachment } from '../attachment.ts';
import { locatedProblem } from '../located-problem.ts';
import { route, type Route } from '../route.ts';
import type { Services } from '../services.ts';

const figure = z.number().nullable();
const figures = z.object({ imageAuroc: figure, pixelAuroc: figure, aupro: figure }).meta({ id: 'Figures' });
const media = tableFormats.map((format) => tables[format].media);

/** Finished runs beside one another. */
export function compareRoutes({ runs, registry }: Pick<Services, 'runs' | 'registry'>): Route[] {
  return [
    route({
      operation: 'compareRuns',
      method: 'post',
      path: '/compare',
      tag: 'runs',
      summary: 'Set finished runs beside one another: figures by category, mean and spread over seeds, and what is not the same in them',
      query: z.object({ format: z.enum(['json', ...tableFormats]).optional().describe('Where absent, what `Accept` asks for.') }),
      body: z.object({ runs: z.array(z.string()).min(1).max(200).describe('Ids of runs.') }),
      answer: z.object({
        runs: z.array(z.object({ id: z.string(), name: z.string(), graph: z.string(), seed: z.number(), data: z.string().nullable().describe('Hash of the images.'), cautions: z.array(z.string()).describe('What its weights permit one to conclude of its figures, where that is limited.') })),
        rows: z
          .array(
            z.object({
              category: z.string().nullable().describe('Null for the mean over the categories that all runs have.'),
              run: z.string().nullable().describe('Name of the run; null for a mean over runs that differ in their seed alone.'),
              graph: z.string(),
              data: z.string().nullable(),
              seeds: z.array(z.number()),
              figures: figures.describe('Fractions, 0–1.'),
              spread: figures.describe('Sample standard deviation over the seeds.'),
            }),
          )
          .describe('Category by category: every run, then the means over seeds.'),
        differences: z
          .array(z.object({ of: z.enum(['settings', 'graph']), what: z.string(), values: z.array(z.string().nullable()) }))
          .describe('What is not the same in all; values in the order of the runs.'),
        warnings: z.array(locatedProblem),
      }),
      media,
      problems: { 404: 'There is no run of an id.', 406: 'No format that Accept asks for can be given.', 409: 'A run is not finished.' },
      async handle({ body, query, request, response }) {
        const asked = request.accepts(['application/json', ...media]);
        const format = query.format ?? (asked === 'application/json' ? 'json' : tableFormats.find((one) => tables[one].media === asked));
        if (format === undefined) {
          throw new StillroomError('not-acceptable', `expected Accept to allow one of application/json, ${media.join(', ')}, found ${JSON.stringify(request.get('accept'))}`);
        }
        const ids = [...new Set(body.runs)];
        const folders = await Promise.all(ids.map((id) => runs.folder(id)));
        const titles = await Promise.all(ids.map(async (id) => (await runs.summary(id)).name));
        const comparison = await compareRuns(folders, registry, titles);
        response.vary('Accept');
        if (format === 'json') {
          const { differences, warnings } = comparison;
          return {
            runs: comparison.runs.map(({ name, graph, seed, data, cautions }, i) => ({ id: ids[i]!, name, graph, seed, data, cautions })),
            rows: comparisonRows(comparison),
            differences,
            warnings,
          };
        }
        const { media: type, extension, write } = tables[format];
        response.set('Content-Disposition', attachment('comparison', 'comparison', extension));
        response.type(type).send(write(comparison));
        return undefined;
      },
    }),
  ];
}
