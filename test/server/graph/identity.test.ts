import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { GraphDocument } from '../../../server/graph/document.ts';
import { identityOf, logicOf } from '../../../server/graph/identity.ts';
import { createRegistry } from '../../../server/graph/registry.ts';
import { sha256 } from '../../../server/graph/sha256.ts';
import { toyPack } from '../../support/toy-pack.ts';

const registry = createRegistry([toyPack]);
const base: GraphDocument = {
  stillroom: 1,
  name: 'x',
  nodes: {
    images: { type: 'toy/source', version: 1 },
    teacher: { type: 'toy/backbone', version: 1, params: { stages: ['one', 'two'] } },
  },
  edges: [{ from: 'images.images', to: 'teacher.images' }],
};
const withNode = (id: string, node: object): GraphDocument => ({ ...base, nodes: { ...base.nodes, [id]: { ...base.nodes[id]!, ...node } } });
const id = (document: GraphDocument): string => identityOf(document, registry);

describe('identityOf', () => {
  it.each<[string, GraphDocument]>([
    ['names and descriptions', { ...base, name: 'y', description: 'z', cite: 'w' }],
    ['layout', { ...base, layout: { nodes: { images: { x: 1, y: 2 } }, notes: [{ text: 'n', x: 0, y: 0 }] } }],
    ['points that wires are led through', { ...base, layout: { wires: { 'teacher.images': [{ x: 1, y: 2 }] } } }],
    ['titles and comments', withNode('images', { title: 'Pictures', comment: 'why' })],
    ['cosmetic parameters', withNode('images', { params: { note: 'anything' } })],
    ['defaults that are written out', withNode('images', { params: { size: 16 } })],
    ['the order in which stages are selected', withNode('teacher', { params: { stages: ['two', 'one'] } })],
    ['fields that the format does not know', withNode('images', { future: 1 })],
    ['muted nodes and their edges', {
      ...base,
      nodes: { ...base.nodes, extra: { type: 'toy/backbone', version: 1, muted: true } },
      edges: [...base.edges, { from: 'images.images', to: 'extra.images' }],
    }],
    ['the order of nodes', { ...base, nodes: Object.fromEntries(Object.entries(base.nodes).reverse()) }],
  ])('does not see %s', (_what, document) => {
    expect(id(document)).toBe(id(base));
  });

  it.each<[string, GraphDocument]>([
    ['a parameter', withNode('images', { params: { size: 32 } })],
    ['an edge', { ...base, edges: [] }],
    ['a type', withNode('teacher', { type: 'toy/throws', params: {} })],
    ['an id, from which weights draw their start', {
      ...base,
      nodes: { images: base.nodes['images']!, pupil: base.nodes['teacher']! },
      edges: [{ from: 'images.images', to: 'pupil.images' }],
    }],
  ])('sees %s', (_what, document) => {
    expect(id(document)).not.toBe(id(base));
  });

  it('is the same for a node of an older version and what it migrates to', () => {
    const old: GraphDocument = { ...base, nodes: { a: { type: 'toy/renamed', version: 1, params: { channels: 2 } } }, edges: [] };
    const now: GraphDocument = { ...base, nodes: { a: { type: 'toy/renamed', version: 3, params: { width: 8 } } }, edges: [] };
    expect(id(old)).toBe(id(now));
  });

  it('is the same for a sub-graph under another name', () => {
    const using = (of: string): GraphDocument => ({
      ...base,
      nodes: { part: { type: 'subgraph', of } },
      edges: [],
      subgraphs: { [of]: { title: of, inputs: {}, outputs: {}, nodes: base.nodes, edges: base.edges } },
    });
    expect(id(using('a'))).toBe(id(using('b')));
    expect(Object.keys(logicOf(using('a'), registry).nodes)).toEqual(['part/images', 'part/teacher']);
  });

  it('keeps what it knows of a type that is not there', () => {
    const foreign: GraphDocument = { ...base, nodes: { a: { type: '@acme/nets/wide', version: 4, params: { w: 1 } } }, edges: [] };
    expect(logicOf(foreign, registry).nodes['a']).toEqual({ type: '@acme/nets/wide', version: 4, params: { w: 1 } });
  });
});

describe('sha256', () => {
  it('gives the digest of FIPS 180-4’s example "abc"', () => {
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('agrees with OpenSSL at every length around the block size, and for text beyond ASCII', () => {
    for (const text of [...Array.from({ length: 130 }, (_, n) => 'x'.repeat(n)), 'Überzug – 織物 😀'.repeat(50)]) {
      expect(sha256(text)).toBe(createHash('sha256').update(text).digest('hex'));
    }
  });
});
