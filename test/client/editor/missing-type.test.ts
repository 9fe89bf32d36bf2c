import { describe, expect, it } from 'vitest';
import { missingPlugins, missingType, socketsByWires } from '../../../client/editor/missing-type.ts';
import type { GraphDocument } from '../../../server/graph/document.ts';
import { chain } from './edits/documents.ts';

describe('a node type that no plugin here has', () => {
  it('is told by the package that it comes from', () => {
    expect(missingType('@acme/nets/wide', chain)).toEqual({ plugin: '@acme/nets', name: 'wide', wanted: null });
    expect(missingType('acme/wide', chain)).toEqual({ plugin: 'acme', name: 'wide', wanted: null });
  });

  it('is told with the version that the document was saved with, where it says one', () => {
    const saved = (requires: Record<string, string>): GraphDocument => ({ ...chain, requires });
    expect(missingType('@acme/nets/wide', saved({ '@acme/nets': '2.1.0' })).wanted).toBe('2.1.0');
    expect(missingType('@acme/nets/wide', saved({ other: '1.0.0' })).wanted).toBeNull();
    expect(missingType('@acme/nets/wide', chain).wanted).toBeNull();
    expect(missingType('toString/wide', saved({})).wanted).toBeNull();
  });

  it('is found in the document and in its sub-graphs, instances aside', () => {
    const part = { inputs: {}, outputs: {}, nodes: { inner: { type: '@acme/nets/wide', version: 1 } }, edges: [] };
    const document: GraphDocument = { ...chain, nodes: { ...chain.nodes, one: { type: 'subgraph', of: 'part' } }, subgraphs: { part } };
    expect([...missingPlugins(document, (type) => type !== 'x/sink' && !type.startsWith('@acme/'))]).toEqual([['x', ['sink']], ['@acme/nets', ['part: inner']]]);
    expect(missingPlugins(chain, () => true).size).toBe(0);
  });

  it('has the sockets that wires end at, of the type at their other ends', () => {
    const typeAt = ({ node, socket }: { node: string; socket: string }, side: string): string | undefined => (node === 'source' ? `${side} ${socket}` : undefined);
    expect(socketsByWires('filter', chain, typeAt)).toEqual({ inputs: { in: { type: 'outputs out' }, extra: { type: 'other' } }, outputs: { out: { type: 'other' } } });
  });
});
