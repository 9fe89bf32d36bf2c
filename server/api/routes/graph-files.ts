import { z } from 'zod';
import { stringifyGraph } from '../../graph/canonical.ts';
import { incomingGraph } from '../../graph/incoming.ts';
import { graphSchema } from '../../graph/schema.ts';
import { attachment } from '../attachment.ts';
import { by, byId, missing, newGraphAnswer, withTag } from '../graph-answer.ts';
import { route, type Route } from '../route.ts';
import type { Services } from '../services.ts';
import { allTemplates, templateNamed } from '../templates.ts';

const template = z.object({ id: z.string(), name: z.string(), description: z.string().optional(), cite: z.string().optional(), plugin: z.string().nullable().describe('The plugin that offers it; null of those that ship.') });

/** Graphs as files: those that ship, those that come in, those that go out. */
export function graphFileRoutes({ documents, registry, plugins }: Pick<Services, 'documents' | 'registry' | 'plugins'>): Route[] {
  return [
    route({
      operation: 'listTemplates',
      method: 'get',
      path: '/templates',
      tag: 'graphs',
      summary: 'Graphs to begin with: the default, the models that it is made of, its ablations, and those that plugins offer',
      answer: z.object({ templates: z.array(template) }),
      handle: async () => ({
        templates: (await allTemplates({ registry, plugins })).map(({ id, plugin, document: { name, description, cite } }) => ({ id, name, description, cite, plugin })),
      }),
    }),
    route({
      operation: 'readTemplate',
      method: 'get',
      path: '/templates/{id}',
      tag: 'graphs',
      summary: 'A graph to begin with',
      params: z.object({ id: z.string().describe('With `/` as `%2F`.') }),
      answer: z.object({ id: z.string(), document: graphSchema }),
      problems: { 404: 'No graph of this name ships, nor is offered by a plugin.' },
      async handle({ params: { id } }) {
        const { document } = await templateNamed(id, { registry, plugins });
        return { id, document };
      },
    }),
    route({
      operation: 'importGraph',
      method: 'post',
      path: '/graphs/import',
      tag: 'graphs',
      summary: 'Keep the graph of a file, of this version of the format or an older one',
      query: z.object({ by }),
      body: z.unknown().describe('The file as it is, sent as application/json.'),
      answer: newGraphAnswer,
      status: 201,
      async handle({ body, query, response }) {
        const { document, warnings } = incomingGraph(body, registry);
        return { ...withTag(response, await documents.create(document, query.by)), warnings };
      },
    }),
    route({
      operation: 'exportGraph',
      method: 'get',
      path: '/graphs/{id}/export',
      tag: 'graphs',
      summary: 'A graph as a file: the one text of its document',
      params: byId,
      query: z.object({ revision: z.coerce.number().int().optional() }),
      answer: z.undefined(),
      media: ['application/json'],
      problems: missing,
      async handle({ params: { id }, query: { revision }, response }) {
        const kept = withTag(response, await (revision === undefined ? documents.read(id) : documents.at(id, revision)));
        response.set('Content-Disposition', attachment(kept.document.name, 'graph', 'json'));
        response.type('json').send(stringifyGraph(kept.document));
      },
    }),
  ];
}
