import { z } from 'zod';
import { changeSchema } from '../../graph/change-schema.ts';
import { incomingGraph } from '../../graph/incoming.ts';
import { by, byId, changed, graphAnswer, graphName, matching, missing, newGraphAnswer, withTag } from '../graph-answer.ts';
import { pageOf, pageQuery } from '../page-of.ts';
import { route, type Route } from '../route.ts';
import type { Services } from '../services.ts';
import { templateNamed } from '../templates.ts';
import { revisionSchema } from './graph-history.ts';

const listed = z.object({
  id: z.string(),
  name: z.string(),
  revision: z.int().optional(),
  modified: z.iso.datetime().optional(),
  problem: z.string().optional().describe('Why it cannot be read.'),
});

/** Documents: list, read, edit, save whole, duplicate, remove and restore. */
export function graphRoutes({ documents, registry, plugins }: Pick<Services, 'documents' | 'registry' | 'plugins'>): Route[] {
  return [
    route({
      operation: 'listGraphs',
      method: 'get',
      path: '/graphs',
      tag: 'graphs',
      summary: 'Every graph, the one changed last first',
      query: z.object({
        name: z.string().optional().describe('Only those whose name holds this, in capitals or not.'),
        removed: z
          .enum(['true', 'false'])
          .default('false')
          .transform((word) => word === 'true')
          .describe('Those that were removed instead.'),
        ...pageQuery,
      }),
      answer: z.object({ total: z.int(), graphs: z.array(listed) }),
      async handle({ query: { name = '', removed, ...page } }) {
        const all = await (removed ? documents.removed() : documents.list());
        const graphs = all.filter((one) => one.name.toLowerCase().includes(name.toLowerCase()));
        return { total: graphs.length, graphs: pageOf(graphs, page) };
      },
    }),
    route({
      operation: 'createGraph',
      method: 'post',
      path: '/graphs',
      tag: 'graphs',
      summary: 'Keep a new graph: a document, or a template',
      body: z
        .object({
          document: z.unknown().optional().describe('A graph document.'),
          template: z.string().optional().describe('Id of a template, instead.'),
          name: graphName.optional().describe('Instead of its own.'),
          by,
        })
        .refine(({ document, template }) => (document === undefined) !== (template === undefined), 'expected either a document or a template'),
      answer: newGraphAnswer,
      status: 201,
      problems: { 404: 'There is no template of this id.' },
      async handle({ body: { document: sent, template, name, by: who }, response }) {
        const { document, warnings } = incomingGraph(template === undefined ? sent : (await templateNamed(template, { registry, plugins })).document, registry);
        const kept = await documents.create({ ...document, name: name ?? document.name }, who);
        return { ...withTag(response, kept), warnings };
      },
    }),
    route({
      operation: 'readGraph',
      method: 'get',
      path: '/graphs/{id}',
      tag: 'graphs',
      summary: 'A graph: its newest revision, or an earlier one',
      params: byId,
      query: z.object({ revision: z.coerce.number().int().optional() }),
      answer: graphAnswer,
      problems: missing,
      handle: async ({ params: { id }, query: { revision }, response }) =>
        withTag(response, await (revision === undefined ? documents.read(id) : documents.at(id, revision))),
    }),
    route({
      operation: 'editGraph',
      method: 'patch',
      path: '/graphs/{id}',
      tag: 'graphs',
      summary: 'Make an edit; made on an older revision, it fits where it touches other fields than the edits since',
      params: byId,
      body: z.object({ patch: z.array(changeSchema), revision: z.int().optional().describe('The one that the edit was made on.'), by }),
      answer: graphAnswer
        .extend({ since: z.array(revisionSchema).describe('Edits between the revision that this one was made on and its own; empty where none was named.') })
        .meta({ id: 'EditedGraph' }),
      problems: { ...missing, 409: 'What the edit touches was changed since; nothing is changed.', ...changed },
      async handle({ params: { id }, body: { patch, revision: made, by: who }, request, response }) {
        const { since, ...kept } = withTag(response, await documents.edit(id, patch, who, { made, mustHold: matching(request) }));
        return { ...kept, since: since.map(({ sha256: _, ...one }) => one) };
      },
    }),
    route({
      operation: 'saveGraph',
      method: 'put',
      path: '/graphs/{id}',
      tag: 'graphs',
      summary: 'Save a graph whole, on the revision that it was made of',
      params: byId,
      body: z.object({ document: z.unknown(), revision: z.int(), by }),
      answer: newGraphAnswer,
      problems: { ...missing, 409: 'The graph was changed since that revision; nothing is changed.', ...changed },
      async handle({ params: { id }, body, request, response }) {
        const { document, warnings } = incomingGraph(body.document, registry);
        return { ...withTag(response, await documents.replace(id, document, body.revision, body.by, matching(request))), warnings };
      },
    }),
    route({
      operation: 'removeGraph',
      method: 'delete',
      path: '/graphs/{id}',
      tag: 'graphs',
      summary: 'Take a graph out of the list; its files are kept, and it can be restored',
      params: byId,
      answer: z.undefined(),
      status: 204,
      problems: { ...missing, ...changed },
      handle: ({ params: { id }, request }) => documents.remove(id, matching(request)),
    }),
    route({
      operation: 'restoreGraph',
      method: 'post',
      path: '/graphs/{id}/restore',
      tag: 'graphs',
      summary: 'Put a graph that was removed back into the list',
      params: byId,
      answer: graphAnswer,
      problems: { 404: 'No graph of this id was removed.' },
      handle: async ({ params: { id }, response }) => withTag(response, await documents.restore(id)),
    }),
    route({
      operation: 'duplicateGraph',
      method: 'post',
      path: '/graphs/{id}/duplicate',
      tag: 'graphs',
      summary: 'Keep a copy of a graph under another name',
      params: byId,
      body: z.object({ name: graphName, by }),
      answer: graphAnswer,
      status: 201,
      problems: missing,
      handle: async ({ params: { id }, body, response }) => withTag(response, await documents.create({ ...(await documents.read(id)).document, name: body.name }, body.by)),
    }),
  ];
}
