import { describe, expect, it } from 'vitest';
import type { GraphDocument } from '../../../server/graph/document.ts';
import { createRegistry } from '../../../server/graph/registry.ts';
import { changesByNode } from '../../../server/runs/node-changes.ts';
import { toyPack } from '../../support/toy-pack.ts';

const registry = createRegistry([toyPack]);
const base: GraphDocument = {
  stillroom: 1,
  name: 'base',
  nodes: {
    images: { type: 'toy/source', version: 1, title: 'Pictures' },
    teacher: { type: 'toy/backbone', version: 1, title: 'Big' },
    student: { type: 'toy/backbone', version: 1 },
    distance: { type: 'toy/compare', version: 1 },
  },
  edges: [
    { from: 'images.images', to: 'teacher.images' },
    { from: 'images.images', to: 'student.images' },
    { from: 'teacher.one', to: 'distance.teacher' },
    { from: 'student.one', to: 'distance.student' },
  ],
};
const withNode = (id: string, node: object): GraphDocument => ({ ...base, nodes: { ...base.nodes, [id]: { ...base.nodes[id]!, ...node } } });
const withEdge = (to: string, from: string | null): GraphDocument => ({ ...base, edges: [...base.edges.filter((edge) => edge.to !== to), ...(from === null ? [] : [{ from, to }])] });
const changes = (to: GraphDocument, from = base): ReturnType<typeof changesByNode> => changesByNode(from, to, registry);

describe('what of nodes is not the same in two graphs', () => {
  it.each<[string, GraphDocument]>([
    ['titles, also of what feeds a node', withNode('teacher', { title: 'Another', comment: 'why' })],
    ['layout', { ...base, layout: { nodes: { images: { x: 1, y: 1 } }, wires: { 'teacher.images': [{ x: 1, y: 1 }] } } }],
    ['defaults that are written out', withNode('images', { params: { size: 16 } })],
    ['cosmetic parameters', withNode('images', { params: { note: 'new' } })],
  ])('is nothing for %s', (_what, document) => {
    expect(changes(document)).toEqual([]);
  });

  it('are parameters, with units and the titles of choices, from their defaults too', () => {
    expect(changes(withNode('images', { params: { size: 32 } }))).toEqual([{ node: 'images', title: 'Pictures', is: 'changed', details: [{ of: 'parameter', name: 'size', from: '16 px', to: '32 px' }] }]);
    expect(changes(withNode('teacher', { params: { stages: ['one', 'two', 'three'] } }))[0]!.details).toEqual([{ of: 'parameter', name: 'stages', from: 'Stage 1, Stage 2', to: 'Stage 1, Stage 2, Stage 3' }]);
    expect(changes(withNode('distance', { params: { form: 'plain' } }))[0]).toMatchObject({ title: 'Compare', details: [{ name: 'form', from: 'Squared', to: 'Plain' }] });
  });

  it('are wires that came, went, or come from elsewhere, by the titles of nodes', () => {
    expect(changes(withEdge('distance.weight', 'teacher.two'))).toEqual([{ node: 'distance', title: 'Compare', is: 'changed', details: [{ of: 'input', name: 'weight', from: null, to: 'Big: two' }] }]);
    expect(changes(withEdge('distance.student', null))[0]!.details).toEqual([{ of: 'input', name: 'student', from: 'Backbone: one', to: null }]);
    expect(changes(withEdge('distance.student', 'teacher.one'))[0]!.details).toEqual([{ of: 'input', name: 'student', from: 'Backbone: one', to: 'Big: one' }]);
  });

  it('are nodes that came, with what feeds them, or went', () => {
    const more: GraphDocument = { ...base, nodes: { ...base.nodes, extra: { type: 'toy/backbone', version: 1, title: 'Extra' } }, edges: [...base.edges, { from: 'images.images', to: 'extra.images' }] };
    const details = [{ of: 'type', name: '', from: null, to: 'Backbone' }, { of: 'input', name: 'images', from: null, to: 'Pictures: images' }];
    expect(changes(more)).toEqual([{ node: 'extra', title: 'Extra', is: 'added', details }]);
    expect(changes(base, more)).toEqual([{ node: 'extra', title: 'Extra', is: 'removed', details: details.map(({ from, to, ...rest }) => ({ ...rest, from: to, to: from })) }]);
  });

  it('are muting and another type', () => {
    expect(changes(withNode('student', { muted: true })).find(({ node }) => node === 'student')!.details).toContainEqual({ of: 'state', name: '', from: 'in use', to: 'muted' });
    const [other] = changes(withNode('teacher', { type: '@acme/nets/wide', params: { depth: { a: 1 } } }));
    expect(other!.details).toContainEqual({ of: 'type', name: '', from: 'Backbone', to: '@acme/nets/wide' });
    expect(other!.details).toContainEqual({ of: 'parameter', name: 'depth', from: null, to: '{"a":1}' });
  });

  it('are told of nodes inside of sub-graphs by the way to them', () => {
    const using = (size: number): GraphDocument => ({
      stillroom: 1,
      name: 'x',
      nodes: { one: { type: 'subgraph', of: 'part', title: 'First' } },
      edges: [],
      subgraphs: { part: { title: 'Part', inputs: {}, outputs: {}, nodes: { images: { type: 'toy/source', version: 1, params: { size } } }, edges: [] } },
    });
    expect(changes(using(8), using(4))).toMatchObject([{ node: 'one/images', title: 'First › Source', details: [{ from: '4 px', to: '8 px' }] }]);
  });
});
