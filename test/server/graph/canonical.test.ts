import { describe, expect, it } from 'vitest';
import { compactJson, stringifyGraph } from '../../../server/graph/canonical.ts';
import type { GraphDocument } from '../../../server/graph/document.ts';
import { parseGraph } from '../../../server/graph/parse.ts';

const document = {
  zebra: { b: 1, a: [1, { d: 1, c: 2 }] },
  layout: {
    zoom: 1.5,
    wires: { 'b.x': [{ y: 4, x: 3 }, { x: 5, y: 6 }], 'b.w': [{ x: 7, y: 8 }] },
    notes: [{ text: 'two\nlines', y: 1, x: 0 }],
    nodes: { b: { y: 2, pinned: true, x: 1 }, a: { x: -0.5, y: 0 } },
    frames: [{ title: 'Deep', x: 0, y: 0, width: 10, height: 20 }],
  },
  edges: [
    { to: 'b.x', from: 'a.z' },
    { to: 'b.w', from: 'a.y', hue: 3 },
  ],
  subgraphs: {
    part: {
      edges: [{ from: '$in.x', to: '$out.y' }],
      nodes: {},
      outputs: { y: { title: 'Y', type: 'images' } },
      inputs: { x: { type: 'images' } },
    },
  },
  nodes: {
    b: { params: { z: [1, 2], a: {} }, version: 1, type: 'toy/b', tag: 'x', comment: 'why' },
    a: { muted: false, of: 'part', type: 'subgraph', title: 'A' },
  },
  name: 'order',
  stillroom: 1,
  $schema: './schema.json',
} as unknown as GraphDocument;

const text = `{
  "$schema": "./schema.json",
  "stillroom": 1,
  "name": "order",
  "nodes": {
    "a": {
      "type": "subgraph",
      "of": "part",
      "title": "A",
      "muted": false
    },
    "b": {
      "type": "toy/b",
      "version": 1,
      "params": {
        "a": {},
        "z": [1, 2]
      },
      "comment": "why",
      "tag": "x"
    }
  },
  "edges": [
    { "from": "a.y", "to": "b.w", "hue": 3 },
    { "from": "a.z", "to": "b.x" }
  ],
  "subgraphs": {
    "part": {
      "inputs": {
        "x": { "type": "images" }
      },
      "outputs": {
        "y": { "type": "images", "title": "Y" }
      },
      "nodes": {},
      "edges": [
        { "from": "$in.x", "to": "$out.y" }
      ]
    }
  },
  "layout": {
    "nodes": {
      "a": { "x": -0.5, "y": 0 },
      "b": { "x": 1, "y": 2, "pinned": true }
    },
    "wires": {
      "b.w": [{ "x": 7, "y": 8 }],
      "b.x": [{ "x": 3, "y": 4 }, { "x": 5, "y": 6 }]
    },
    "frames": [
      { "title": "Deep", "x": 0, "y": 0, "width": 10, "height": 20 }
    ],
    "notes": [
      { "text": "two\\nlines", "x": 0, "y": 1 }
    ],
    "zoom": 1.5
  },
  "zebra": { "a": [1, { "c": 2, "d": 1 }], "b": 1 }
}
`;

describe('stringifyGraph', () => {
  it('writes known fields in their order, unknown ones after them, a node in a block and an edge on a line', () => {
    expect(stringifyGraph(document)).toBe(text);
  });

  it('gives text that reads back as the same document, whose text is the same', () => {
    const parsed = parseGraph(text).document!;
    // Edges have no order of their own: the canonical one is by target.
    expect(parsed).toEqual({ ...document, edges: [...document.edges].reverse() });
    expect(stringifyGraph(parsed)).toBe(text);
  });

  it('does not depend on the order in which records were made', () => {
    const shuffled = { ...document, nodes: Object.fromEntries(Object.entries(document.nodes).reverse()) };
    expect(stringifyGraph(shuffled)).toBe(text);
  });

  it('breaks values that are too long for a line', () => {
    const long = { ...document, zebra: Array.from({ length: 40 }, (_, i) => i * 1000) } as GraphDocument;
    expect(stringifyGraph(long)).toContain('"zebra": [\n    0,\n    1000,\n');
    expect(parseGraph(stringifyGraph(long)).document).toMatchObject({ zebra: expect.any(Array) as unknown });
  });

  it('refuses a number that JSON cannot hold', () => {
    const nodes = { a: { type: 'toy/a', version: 1, params: { x: Number.NaN } } };
    expect(() => stringifyGraph({ ...document, nodes })).toThrow('a document cannot hold NaN');
  });
});

describe('compactJson', () => {
  it('sorts keys, keeps lists and leaves out what is undefined', () => {
    expect(compactJson({ b: [2, { d: null, c: 'x' }], a: undefined, A: true })).toBe('{"A":true,"b":[2,{"c":"x","d":null}]}');
  });
});
