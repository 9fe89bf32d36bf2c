import { z } from 'zod';
import { changeSchema } from '../../graph/change-schema.ts';
import { by, byId, changed, graphAnswer, matching, missing, withTag } from '../graph-answer.ts';
import { pageQuery } from '../page-of.ts';
import { route, type Route } from '../route.ts';
import type { Services } from '../services.ts';

export const revisionSchema = z
  .object({ revision: z.int(), at: z.iso.datetime(), by: z.string(), patch: z.array(changeSchema) })
  .meta({ id: 'Revision' });

/** What was done to a graph, and going back to what it was. */
export function graphHistoryRoutes({ documents }: Pick<Services, 'documents'>): Route[] {
  return [
    route({
      operation: 'listRevisions',
      method: 'get',
      path: '/graphs/{id}/history',
      tag: 'graphs',
      summary: 'The edits of a graph, the newest first',
      params: byId,
      query: z.object({
        after: z.coerce.number().int().optional().describe('Only later revisions than this; where there are more than `limit`, the first of them.'),
        before: z.coerce.number().int().optional().describe('Only earlier revisions than this.'),
        limit: pageQuery.limit,
      }),
      answer: z.object({ total: z.int().describe('Of all edits.'), revisions: z.array(revisionSchema) }),
      problems: missing,
      async handle({ params: { id }, query: { after, before = Infinity, limit } }) {
        const all = await documents.history(id);
        const within = all.filter(({ revision }) => revision > (after ?? 0) && revision < before);
        const page = after === undefined ? within.slice(-limit) : within.slice(0, limit);
        return { total: all.length, revisions: page.map(({ sha256: _, ...one }) => one).reverse() };
      },
    }),
    route({
      operation: 'revertGraph',
      method: 'post',
      path: '/graphs/{id}/revert',
      tag: 'graphs',
      summary: 'Make an earlier revision the newest, as one more edit',
      params: byId,
      body: z.object({ revision: z.int(), by }),
      answer: graphAnswer,
      problems: { ...missing, ...changed },
      handle: async ({ params: { id }, body, request, response }) => withTag(response, await documents.revert(id, body.revision, body.by, matching(request))),
    }),
  ];
}
