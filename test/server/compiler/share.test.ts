import { describe, expect, it } from 'vitest';
import { check } from '../../../server/compiler/check.ts';
import { share } from '../../../server/compiler/share.ts';
import type { GraphDocument } from '../../../server/graph/document.ts';
import { createRegistry } from '../../../server/graph/registry.ts';
import { cutPack } from './cut-pack.ts';

const registry = createRegistry([cutPack]);

/** Two nodes of a type, each with these edges, among others that are like neither. */
function twins(type: string, params: readonly [object, object], edges: readonly [string, string][]): GraphDocument {
  const [one, two] = params.map((p) => ({ type: `cut/${type}`, version: 1, params: { ...p } }));
  return {
    stillroom: 1,
    name: 'twins',
    nodes: {
      data: { type: 'cut/data', version: 1 },
      decode: { type: 'cut/decode', version: 1, params: { from: 11 } },
      teacher: { type: 'cut/teacher', version: 1, params: { named: 'another' } },
      map: { type: 'cut/distance', version: 1 },
      maximum: { type: 'cut/maximum', version: 1 },
      loss: { type: 'cut/loss', version: 1 },
      one: one!,
      two: two!,
    },
    edges: [
      ['data.dataset', 'decode.dataset'],
      ['decode.images', 'teacher.images'],
      ['teacher.a', 'map.teacher'],
      ['teacher.a', 'map.student'],
      ['map.map', 'maximum.map'],
      ['teacher.a', 'loss.teacher'],
      ['teacher.a', 'loss.student'],
      ...edges.flatMap(([from, socket]) => [[from, `one.${socket}`], [from, `two.${socket}`]]),
    ].map(([from, to]) => ({ from: from!, to: to! })),
  };
}

function sharedBy(document: GraphDocument): boolean {
  const { problems, nodes } = check(document, registry);
  expect(problems).toEqual([]);
  const ids = [...share(nodes.values()).keys()];
  expect(ids).toContain('one');
  return !ids.includes('two');
}

const onImages: [string, string][] = [['decode.images', 'images']];
const same = [{}, {}] as const;

describe('of two nodes of one type with the same inputs, one runs', () => {
  it.each<[string, GraphDocument]>([
    ['without weights', twins('prepare', same, onImages)],
    ['with frozen weights', twins('teacher', same, onImages)],
    ['that look at values', twins('look', same, [['map.map', 'map']])],
    ['where one states a default', twins('prepare', [{}, { by: 1 }], onImages)],
    ['that read one dataset in one way', twins('decode', same, [['data.dataset', 'dataset']])],
  ])('%s', (_, document) => expect(sharedBy(document)).toBe(true));
});

describe('both run', () => {
  it.each<[string, GraphDocument]>([
    ['where a parameter differs', twins('prepare', [{ by: 1 }, { by: 2 }], onImages)],
    ['where each has weights to train', twins('student', same, onImages)],
    ['where each is calibrated', twins('scale', same, [['map.map', 'map']])],
    ['where each draws its own noise', twins('noise', same, onImages)],
    ['where each fits', twins('fit', same, [['loss.loss', 'loss']])],
    ['where each reports', twins('locate', same, [['map.map', 'map']])],
  ])('%s', (_, document) => expect(sharedBy(document)).toBe(false));

  it('where they see different things', () => {
    const document = twins('pool', same, [['teacher.a', 'features']]);
    const edges = document.edges.map((edge) => (edge.to === 'two.features' ? { ...edge, from: 'teacher.b' } : edge));
    expect(sharedBy({ ...document, edges })).toBe(false);
  });

  it('where one input is swapped for the other', () => {
    const document = twins('distance', same, [['teacher.a', 'teacher']]);
    const edges = [...document.edges, { from: 'teacher.b', to: 'one.student' }, { from: 'teacher.b', to: 'two.student' }];
    expect(sharedBy({ ...document, edges })).toBe(true);
    const swap: Record<string, string> = { 'two.teacher': 'teacher.b', 'two.student': 'teacher.a' };
    expect(sharedBy({ ...document, edges: edges.map(({ from, to }) => ({ from: swap[to] ?? from, to })) })).toBe(false);
  });
});

describe('what hangs on two that are one', () => {
  it('takes its values from the one that runs, and may be one itself', () => {
    const document = twins('teacher', same, onImages);
    const { nodes } = check(
      {
        ...document,
        nodes: { ...document.nodes, 'pool-one': { type: 'cut/pool', version: 1 }, 'pool-two': { type: 'cut/pool', version: 1 } },
        edges: [...document.edges, { from: 'one.a', to: 'pool-one.features' }, { from: 'two.a', to: 'pool-two.features' }],
      },
      registry,
    );
    const shared = share(nodes.values());
    expect([...shared.keys()].filter((id) => /one|two/.test(id))).toEqual(['one', 'pool-one']);
    expect(shared.get('pool-one')!.inputs).toEqual({ features: { node: 'one', socket: 'a' } });
  });

  it('and so may what hangs on the second alone', () => {
    const document = twins('teacher', same, onImages);
    const { nodes } = check(
      {
        ...document,
        nodes: { ...document.nodes, 'z-last': { type: 'cut/pool', version: 1 } },
        edges: [...document.edges, { from: 'two.b', to: 'z-last.features' }],
      },
      registry,
    );
    expect(share(nodes.values()).get('z-last')!.inputs).toEqual({ features: { node: 'one', socket: 'b' } });
  });
});
