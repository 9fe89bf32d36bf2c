import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Served } from '../../../server/api/serve.ts';
import type { GraphDocument } from '../../../server/graph/document.ts';
import { ask, serveTrial, type Answered } from '../../support/served.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { recordRun } from '../runs/recorded-run.ts';

const readShallow = (): GraphDocument => JSON.parse(readFileSync(new URL('../../../graphs/shallow.json', import.meta.url), 'utf8')) as GraphDocument;

describe('which nodes of a graph a run has fitted', () => {
  const home = mkdtempSync(join(temporaryFolder(), 'home-'));
  let served: Served;

  beforeAll(async () => {
    served = await serveTrial({ home });
    await recordRun(join(home, 'runs', 'first'));
  });
  afterAll(() => served?.close());

  const parts = (document: unknown, id = 'first'): Promise<Answered> => ask(served, 'POST', `/runs/${id}/fitted-parts`, { document });
  const edited = (edit: (graph: GraphDocument) => void): GraphDocument => {
    const graph = readShallow();
    edit(graph);
    return graph;
  };

  it('are all of the graph that it was fitted with, wherever they stand and whatever comes after them', async () => {
    const moved = edited((graph) => {
      graph.layout = {};
      graph.nodes['distance-layer1']!.params = { ...graph.nodes['distance-layer1']!.params, form: 'l2' };
    });
    for (const graph of [readShallow(), moved]) expect((await parts(graph)).body).toMatchObject({ nodes: { 'student-shallow': 'fitted' } });
  });

  it('are stale where they or what comes before them are others, and unfitted where their weights have other shapes', async () => {
    const before = edited((graph) => void (graph.nodes['normalise']!.params = { preset: 'none' }));
    expect((await parts(before)).body).toMatchObject({ nodes: { 'student-shallow': 'stale' } });
    const renamed = edited((graph) => {
      graph.nodes['pupil'] = graph.nodes['student-shallow']!;
      delete graph.nodes['student-shallow'];
      for (const edge of graph.edges) edge.from = edge.from.replace('student-shallow.', 'pupil.');
      for (const edge of graph.edges) edge.to = edge.to.replace('student-shallow.', 'pupil.');
    });
    expect((await parts(renamed)).body).toMatchObject({ nodes: { pupil: 'unfitted' } });
  });

  it('leave out what nothing flows through; a run that is not there has none', async () => {
    const broken = edited((graph) => void (graph.edges = graph.edges.filter(({ to }) => to !== 'student-shallow.images')));
    expect(await parts(broken)).toMatchObject({ status: 200, body: { nodes: {} } });
    expect(await parts(readShallow(), 'nothing')).toMatchObject({ status: 404, body: { code: 'no-run' } });
    expect(await ask(served, 'POST', '/runs/first/fitted-parts', {})).toMatchObject({ status: 400, body: { code: 'bad-request' } });
  });
});
