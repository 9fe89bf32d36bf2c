import { describe, expect, it } from 'vitest';
import { lookedAt } from '../../../client/preview/looked-at.ts';
import type { Check } from '../../../client/state/types.ts';
import type { GraphDocument } from '../../../server/graph/document.ts';

/** source → group (inner filter) → sink; sink is fed by a muted node too. */
const document: GraphDocument = {
  stillroom: 1,
  name: 'nested',
  nodes: {
    source: { type: 'x/source', version: 1 },
    group: { type: 'subgraph', version: 1, of: 'pair' },
    off: { type: 'x/filter', version: 1, muted: true },
    sink: { type: 'x/sink', version: 1 },
  },
  edges: [
    { from: 'source.out', to: 'group.images' },
    { from: 'group.map', to: 'sink.in' },
  ],
  subgraphs: {
    pair: {
      title: 'Pair',
      inputs: { images: { type: 'map' } },
      outputs: { map: { type: 'map' } },
      nodes: { filter: { type: 'x/filter', version: 1 } },
      edges: [
        { from: '$in.images', to: 'filter.in' },
        { from: 'filter.out', to: '$out.map' },
      ],
    },
  },
};
const gives = { type: 'x', title: 'x', params: {}, cost: { parameters: 0, multiplyAdds: 0, activationBytes: 0 }, outputs: { out: { shape: [4, 4, 1] } } };
const map = { type: 'map' as const };
const filter = { inputs: { in: map, loose: map }, outputs: { out: map } };
const check: Check = {
  ok: true,
  identity: '',
  problems: [],
  nodes: { source: gives, 'group/filter': gives, sink: { ...gives, outputs: {} } },
  edges: [
    { from: 'source.out', to: 'group/filter.in', via: ['group.images'], type: 'map', shape: [4, 4, 1], text: '' },
    { from: 'group/filter.out', to: 'sink.in', via: ['group.map'], type: 'map', shape: [4, 4, 1], text: '' },
  ],
  sockets: { source: { inputs: {}, outputs: { out: map } }, group: { inputs: { images: map }, outputs: { map } }, 'pair/filter': filter, off: filter, sink: { inputs: { in: map }, outputs: { late: map } } },
  total: { parameters: 0, multiplyAdds: 0, activationBytes: 0 },
};
const find = (at: string): unknown => lookedAt(at, document, check);

describe('what is looked at behind a socket', () => {
  it('is what a node gives, or what flows into it', () => {
    expect(find('source.out')).toEqual({ at: 'source.out' });
    expect(find('sink.in')).toEqual({ at: 'sink.in' });
    expect(find('group/filter.out')).toEqual({ at: 'group/filter.out' });
  });

  it('is, of an instance of a sub-graph, what the node inside gives, or what flows into the instance', () => {
    expect(find('group.map')).toEqual({ at: 'group/filter.out' });
    expect(find('group.images')).toEqual({ at: 'source.out' });
  });

  it.each([
    ['a node that is gone', 'gone.out', /not in the graph/],
    ['a node that is gone from a sub-graph', 'group/gone.out', /not in the graph/],
    ['a sub-graph that is gone', 'gone/filter.out', /not in the graph/],
    ['a socket that the type that stands there now has not', 'source.stage5', /no socket "stage5"/],
    ['a socket that a node inside has not', 'group/filter.stage5', /no socket "stage5"/],
    ['a node that is muted', 'off.out', /muted/],
    ['an input without a wire', 'group/filter.loose', /Nothing flows/],
    ['an output of a node that a problem keeps from saying what it gives', 'sink.late', /Nothing flows/],
  ])('is nothing at %s, and it is said why', (_, at, why) => {
    expect(find(at)).toEqual({ why: expect.stringMatching(why) as string });
  });
});
