import { describe, expect, it } from 'vitest';
import type { GraphDocument } from '../../../server/graph/document.ts';
import { createRegistry } from '../../../server/graph/registry.ts';
import { socketsIn } from '../../../server/graph/sockets-in.ts';
import { builtinPacks } from '../../../server/plugins/builtin.ts';

const registry = createRegistry(builtinPacks);
const socketsOf = (document: GraphDocument): Record<string, string> =>
  Object.fromEntries(Object.entries(socketsIn(document, registry)).map(([id, { inputs, outputs }]) => [id, `${Object.keys(inputs).join(' ')} -> ${Object.keys(outputs).join(' ')}`]));

describe('what can be wired in a document', () => {
  it('are the sockets that the parameters of each node give it', () => {
    const nodes = {
      two: { type: 'teacher/resnet18', version: 1, params: { stages: ['layer1', 'layer3'] } },
      usual: { type: 'teacher/resnet18', version: 1 },
    };
    expect(socketsOf({ stillroom: 1, name: 'x', nodes, edges: [] })).toEqual({ two: 'images -> layer1 layer3', usual: expect.stringMatching(/^images -> layer1/) as string });
  });

  it('are those of sub-graphs and of the nodes inside, and none of what is unknown', () => {
    const part = { inputs: { in: { type: 'images' } }, outputs: { out: { type: 'features' } }, nodes: { net: { type: 'teacher/resnet18', version: 1, params: { stages: ['layer2'] } } }, edges: [] };
    const nodes = { one: { type: 'subgraph', of: 'part' }, lost: { type: 'acme/lost', version: 1 }, empty: { type: 'subgraph', of: 'gone' } };
    expect(socketsOf({ stillroom: 1, name: 'x', nodes, edges: [], subgraphs: { part } })).toEqual({ one: 'in -> out', 'part/net': 'images -> layer2' });
  });
});
