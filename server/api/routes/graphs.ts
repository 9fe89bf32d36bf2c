import { z } from 'zod';
import { check } from '../../compiler/check.ts';
import type { DocumentStore, Kept } from '../../documents/store.ts';
import { changeSchema } from '../../graph/change-schema.ts';
import { diffGraphs } from '../../graph/diff.ts';
import type { GraphDocument } from '../../graph/document.ts';
import { migrateGraph } from '../../graph/migrate.ts';
import { mustBeGraph } from '../../graph/parse.ts';
import type { Registry } from '../../graph/registry.ts';
import { graphSchema } from '../../graph/schema.ts';
import { route, type Route } from '../route.ts';

const kept = z.object({ id: z.string(), revision: z.int(), document: graphSchema }).meta({ id: 'Graph' });
const byId = z.object({ id: z.string().describe('Id of the graph.') });
const by = z.string().max(200).default('api').describe('Who makes the edit; shown in the history.');
const missing = { 404: 'There is no graph of this id.' };

/** Documents: list, read, edit, save whole, history, duplicate, check. */
export function graphRoutes(store: DocumentStore, registry: Registry): Route[] {
  /** Brought to this version as it comes in; what is wrong with its form is refused. */
  const given = (value: unknown): GraphDocument => migrateGraph(mustBeGraph(value), registry).document;
  return [
    route({
      method: 'get',
      path: '/graphs',
      tag: 'graphs',
      summary: 'Every graph',
      query: z.object({ offset: z.coerce.number().int().min(0).default(0), limit: z.coerce.number().int().min(1).max(500).default(100) }),
      answer: z.object({ total: z.int(), graphs: z.array(z.object({ id: z.string(), name: z.string(), problem: z.string().optional() })) }),
      async handle({ query: { offset, limit } }) {
        const graphs = await store.list();
        return { total: graphs.length, graphs: graphs.slice(offset, offset + limit) };
      },
    }),
    route({
      method: 'post',
      path: '/graphs',
      tag: 'graphs',
      summary: 'Keep a new graph',
      body: z.object({ document: z.unknown().describe('A graph document.'), by }),
      answer: kept,
      status: 201,
      handle: ({ body }) => store.create(given(body.document), body.by),
    }),
    route({
      method: 'get',
      path: '/graphs/{id}',
      tag: 'graphs',
      summary: 'A graph: its newest revision, or an earlier one',
      params: byId,
      query: z.object({ revision: z.coerce.number().int().optional() }),
      answer: kept,
      problems: missing,
      async handle({ params: { id }, query: { revision } }): Promise<Kept> {
        return revision === undefined ? store.read(id) : { id, revision, document: await store.at(id, revision) };
      },
    }),
    route({
      method: 'patch',
      path: '/graphs/{id}',
      tag: 'graphs',
      summary: 'Make an edit; made on an older revision, it fits where it touches other fields than the edits since',
      params: byId,
      body: z.object({ patch: z.array(changeSchema), by }),
      answer: kept,
      problems: { ...missing, 409: 'What the edit touches was changed since; nothing is changed.' },
      handle: ({ params: { id }, body }) => store.edit(id, body.patch, body.by),
    }),
    route({
      method: 'put',
      path: '/graphs/{id}',
      tag: 'graphs',
      summary: 'Save a graph whole, on the revision that it was made of',
      params: byId,
      body: z.object({ document: z.unknown(), revision: z.int(), by }),
      answer: kept,
      problems: { ...missing, 409: 'There is a newer revision; nothing is changed.' },
      handle: ({ params: { id }, body }) => store.replace(id, given(body.document), body.revision, body.by),
    }),
    route({
      method: 'delete',
      path: '/graphs/{id}',
      tag: 'graphs',
      summary: 'Take a graph out of the list; its files are kept in the folder "removed"',
      params: byId,
      answer: z.undefined(),
      status: 204,
      problems: missing,
      handle: ({ params: { id } }) => store.remove(id),
    }),
    route({
      method: 'get',
      path: '/graphs/{id}/history',
      tag: 'graphs',
      summary: 'The edits of a graph, the newest first',
      params: byId,
      answer: z.object({ revisions: z.array(z.object({ revision: z.int(), at: z.string(), by: z.string(), patch: z.array(changeSchema) })) }),
      problems: missing,
      async handle({ params: { id } }) {
        const revisions = await store.history(id);
        return { revisions: revisions.map(({ revision, at, by: who, patch }) => ({ revision, at, by: who, patch })).reverse() };
      },
    }),
    route({
      method: 'post',
      path: '/graphs/{id}/duplicate',
      tag: 'graphs',
      summary: 'Keep a copy of a graph under another name',
      params: byId,
      body: z.object({ name: z.string().min(1).max(200), by }),
      answer: kept,
      status: 201,
      problems: missing,
      handle: async ({ params: { id }, body }) => store.create({ ...(await store.read(id)).document, name: body.name }, body.by),
    }),
    route({
      method: 'get',
      path: '/graphs/{id}/diff/{other}',
      tag: 'graphs',
      summary: 'The edit that makes another graph of this one',
      params: byId.extend({ other: z.string() }),
      answer: z.object({ patch: z.array(changeSchema) }),
      problems: missing,
      handle: async ({ params: { id, other } }) => ({ patch: diffGraphs((await store.read(id)).document, (await store.read(other)).document) }),
    }),
    route({
      method: 'post',
      path: '/check',
      tag: 'graphs',
      summary: 'What is wrong with a document, and what flows in it: shapes, strides and costs',
      body: z.object({ document: z.unknown() }),
      answer: z.object({
        ok: z.boolean(),
        problems: z.array(z.record(z.string(), z.unknown())),
        nodes: z.record(z.string(), z.object({ outputs: z.record(z.string(), z.unknown()), cost: z.unknown() })),
      }),
      handle({ body }) {
        const { ok, problems, nodes } = check(given(body.document), registry);
        return { ok, problems, nodes: Object.fromEntries([...nodes].map(([id, { outputs, cost }]) => [id, { outputs, cost }])) };
      },
    }),
  ];
}
