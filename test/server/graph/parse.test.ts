import { describe, expect, it } from 'vitest';
import { formatProblem } from '../../../plugins/sdk/problem.ts';
import { parseGraph, readGraph, type Parsed } from '../../../server/graph/parse.ts';

const lines = ({ problems }: Parsed): string[] => problems.map((p) => `${p.code} ${formatProblem(p)}`);
const graph = (parts: object): string => JSON.stringify({ stillroom: 1, name: 'a graph', nodes: {}, edges: [], ...parts });

describe('parseGraph', () => {
  it('reads a document and keeps fields it does not know, at every level', () => {
    const text = graph({
      generator: 'a later version',
      nodes: { a: { type: 'data/dataset', version: 1, params: { new: [1] }, tags: ['x'] } },
      edges: [{ from: 'a.dataset', to: 'b.dataset', colour: 'red' }],
      subgraphs: {
        s: { inputs: { x: { type: 'images', hue: 1 } }, outputs: {}, nodes: {}, edges: [], author: 'me', layout: { z: 1 } },
      },
      layout: { nodes: { a: { x: 1, y: 2, pinned: true } }, frames: [], zoom: 2 },
    });
    const { document, problems } = parseGraph(text);
    expect(problems).toEqual([]);
    expect(document).toEqual(JSON.parse(text));
  });

  it('says the line and the column of bad JSON', () => {
    expect(lines(parseGraph('{\n  "stillroom": 1\n  "name": "x"\n}'))).toEqual([
      'json-syntax line 3, column 3: expected "," or "}", found "\\""',
    ]);
  });

  it('says everything that is wrong with the form at once', () => {
    const text = graph({
      name: '',
      nodes: {
        a: { type: 'dataset', version: 1 },
        B: { type: 'data/dataset', version: 1 },
        c: { type: 'data/dataset', version: 1.5, params: [] },
        d: { type: 'data/dataset' },
        e: { type: 'subgraph' },
      },
      edges: [{ from: 'a', to: 'b.x' }, { to: 'b.x' }, 'a.x'],
      layout: { nodes: { a: { x: '1', y: 0 } } },
      subgraphs: { s: { inputs: { '1x': { type: 'images' } }, outputs: {}, nodes: {} } },
    });
    expect(lines(parseGraph(text))).toEqual([
      'document-invalid name: expected at least 1 characters, found ""',
      'document-invalid a › type: expected a node type "<package>/<node>" or "subgraph", found "dataset"',
      'document-invalid B: expected an id of lower-case letters, digits and "-", found "B"',
      'document-invalid c › version: expected a whole number, found 1.5',
      'document-invalid c › params: expected an object, found []',
      'document-invalid d › version: expected the version of the node type, found none',
      'document-invalid e › of: expected the sub-graph that this node stands for, found none',
      'document-invalid edges › 0 › from: expected "node.socket", found "a"',
      'document-invalid edges › 1 › from: expected text, found nothing',
      'document-invalid edges › 2: expected an object, found "a.x"',
      'document-invalid subgraphs › s › inputs › 1x: ' +
        'expected a socket name of letters, digits, "-" and "_", starting with a letter, found "1x"',
      'document-invalid subgraphs › s › edges: expected a list, found nothing',
      'document-invalid layout › nodes › a › x: expected a number, found "1"',
    ]);
  });

  it('warns of a field that is nearly a known one', () => {
    const { document, problems } = parseGraph(graph({ nodes: { a: { type: 'data/dataset', version: 1, parms: {} } } }));
    expect(document).toBeDefined();
    expect(problems).toMatchObject([{ code: 'unknown-field', severity: 'warning', node: 'a', field: 'parms' }]);
    expect(problems[0]!.hint).toBe('did you mean "params"?');
  });

  it.each([
    ['[]', 'document-version stillroom: expected a Stillroom graph with "stillroom": 1, found [] without it'],
    ['{"nodes": {}}', 'document-version stillroom: expected a Stillroom graph with "stillroom": 1, found an object without it'],
    [graph({ stillroom: '1' }), 'document-version stillroom: expected a Stillroom graph with "stillroom": 1, found "1"'],
    [
      graph({ stillroom: 2 }),
      'document-too-new stillroom: expected a document of format 1 or older, found 2 (open it with a newer Stillroom; the file was left as it is)',
    ],
  ])('refuses %s', (text, expected) => {
    expect(lines(parseGraph(text))).toEqual([expected]);
  });

  it('does not let a document reach the prototype of objects', () => {
    const parsed = parseGraph('{"stillroom": 1, "name": "x", "nodes": {"__proto__": {"polluted": true}}, "edges": []}');
    expect(parsed.document).toBeUndefined();
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('readGraph', () => {
  it('refuses a document older than any migration step', () => {
    expect(lines(readGraph({ stillroom: 0 }))[0]).toMatch(/^document-version/);
  });
});
