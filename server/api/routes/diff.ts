import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { StillroomError } from '../../../plugins/sdk/index.ts';
import { changeSchema } from '../../graph/change-schema.ts';
import { diffGraphs } from '../../graph/diff.ts';
import type { GraphDocument } from '../../graph/document.ts';
import { identityOf } from '../../graph/identity.ts';
import { incomingGraph } from '../../graph/incoming.ts';
import { parseJson } from '../../graph/json.ts';
import { compareGraphs } from '../../runs/compare-graphs.ts';
import { changesByNode } from '../../runs/node-changes.ts';
import { RunFolder } from '../../runs/run-folder.ts';
import { readManifest } from '../../runs/run-record.ts';
import { route, type Route } from '../route.ts';
import type { Services } from '../services.ts';
import { templateNamed } from '../templates.ts';

type Used = Pick<Services, 'documents' | 'registry' | 'plugins' | 'runs'>;

const reference = z
  .string()
  .regex(/^(graphs\/[^/@]+(@\d+)?|runs\/[^/]+|templates\/.+)$/, 'expected "graphs/ID", "graphs/ID@REVISION", "runs/ID" or "templates/ID"')
  .describe('A graph: `graphs/ID`, an earlier revision of it: `graphs/ID@REVISION`, the graph of a run: `runs/ID`, one to begin with: `templates/ID`.');

/** What is not the same in two graphs. */
export function diffRoutes(services: Used): Route[] {
  const { registry } = services;
  return [
    route({
      operation: 'diffGraphs',
      method: 'get',
      path: '/diff',
      tag: 'graphs',
      summary: 'What is not the same in two graphs: by logic, and as the edit that makes the one of the other',
      query: z.object({ from: reference, to: reference }),
      answer: z.object({
        isSameLogic: z.boolean().describe('Whether both compute the same; layout, titles and comments are no part of that. A run has the epochs that it was asked for.'),
        logic: z
          .array(z.object({ what: z.string(), from: z.string().nullable(), to: z.string().nullable() }))
          .describe('Nodes, parameters (a default counts as given) and edges that differ, sub-graphs expanded; null where there is none.'),
        nodes: z
          .array(
            z.object({
              node: z.string().describe('Its id; of one inside of an instance of a sub-graph, `instance/id`.'),
              title: z.string(),
              is: z.enum(['added', 'removed', 'changed']),
              details: z.array(
                z.object({
                  of: z.enum(['type', 'state', 'parameter', 'input']),
                  name: z.string().describe('Of the parameter or the input; else empty.'),
                  from: z.string().nullable(),
                  to: z.string().nullable(),
                }),
              ),
            }),
          )
          .describe('The same by node and in words, for people: titles, units, where inputs come from; null where there is none.'),
        patch: z.array(changeSchema),
      }),
      problems: { 404: 'There is no such graph, revision or run.' },
      async handle({ query }) {
        const [from, to] = await Promise.all([documentOf(query.from, services), documentOf(query.to, services)]);
        const epochs = await Promise.all([epochsAsked(query.from, services), epochsAsked(query.to, services)]);
        const nodes = changesByNode(from, to, registry, epochs);
        return {
          isSameLogic: identityOf(from, registry) === identityOf(to, registry) && nodes.length === 0,
          logic: compareGraphs([from, to], registry, epochs).map(({ what, values }) => ({ what, from: values[0] ?? null, to: values[1] ?? null })),
          nodes,
          patch: diffGraphs(from, to),
        };
      },
    }),
  ];
}

/** In the present version of its nodes, so that an older one's are compared with today's. */
async function documentOf(name: string, { documents, registry, plugins, runs }: Used): Promise<GraphDocument> {
  const slash = name.indexOf('/');
  const [id, revision] = name.slice(slash + 1).split('@') as [string, string?];
  const kind = name.slice(0, slash);
  if (kind === 'graphs') {
    const { document } = await (revision === undefined ? documents.read(id) : documents.at(id, Number(revision)));
    return incomingGraph(document, registry).document;
  }
  const document = kind === 'templates' ? (await templateNamed(name.slice(slash + 1), { registry, plugins })).document : await graphOfRun(await runs.folder(name.slice(slash + 1)));
  return incomingGraph(document, registry).document;
}

/** Epochs that a run was asked for in place of its graph's. */
async function epochsAsked(name: string, { runs }: Used): Promise<number | null> {
  if (!name.startsWith('runs/')) return null;
  const folder = new RunFolder(await runs.folder(name.slice('runs/'.length)));
  // A run that has not begun has none yet.
  return existsSync(folder.file('manifest.json')) ? ((await readManifest(folder)).overrides?.epochs ?? null) : null;
}

async function graphOfRun(folder: string): Promise<unknown> {
  const file = new RunFolder(folder).file('graph.json');
  try {
    return parseJson(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new StillroomError('run-folder-corrupt', 'expected the graph of a run, found none that can be read', { file, cause });
  }
}
