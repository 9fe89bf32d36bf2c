import { z } from 'zod';
import { fittedParts } from '../../interactive/fitted-parts.ts';
import { readDocument } from '../../predict/read-run.ts';
import { RunFolder } from '../../runs/run-folder.ts';
import { givenGraph } from '../given-graph.ts';
import { route, type Route } from '../route.ts';
import type { Services } from '../services.ts';

/** A run belongs to the graph that it was fitted with: what of it is of use in another. */
export function fittedPartsRoutes(services: Services): Route[] {
  return [
    route({
      operation: 'tellFittedParts',
      method: 'post',
      path: '/runs/{id}/fitted-parts',
      tag: 'runs',
      summary: 'Which nodes of a graph the run has fitted as they are now, by what each is and what comes before it',
      params: z.object({ id: z.string().describe('Id of the run: the name of its folder.') }),
      body: z.object({
        document: z.unknown().optional().describe('A graph document; or name a kept graph.'),
        graph: z.string().optional().describe('Id of a kept graph.'),
        revision: z.int().min(1).optional().describe('Of the kept graph; the newest where absent.'),
      }),
      answer: z.object({
        nodes: z
          .record(z.string(), z.enum(['fitted', 'stale', 'unfitted']))
          .describe('Of every node that learns and that something flows through. Stale: fitted when it or what comes before it was another. Unfitted: it was not there, or its weights had other shapes.'),
      }),
      problems: { 404: 'There is no run of this id.' },
      async handle({ params: { id }, body }) {
        const folder = new RunFolder(await services.runs.folder(id));
        const { document } = await givenGraph(services, body);
        return { nodes: fittedParts(document, await readDocument(folder, services.registry), services.registry) };
      },
    }),
  ];
}
