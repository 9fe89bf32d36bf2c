import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatProblem } from '../../../plugins/sdk/problem.ts';
import { describeSignal } from '../../../plugins/sdk/signal.ts';
import { check, type Checked } from '../../../server/compiler/check.ts';
import type { GraphDocument } from '../../../server/graph/document.ts';
import { parseGraph } from '../../../server/graph/parse.ts';
import { createRegistry } from '../../../server/graph/registry.ts';
import { toyPack } from '../../support/toy-pack.ts';

/** Each folder in `check/` is a document and what is to be known of it: `graph.json`, `expected.json`. */
const cases = new URL('check/', import.meta.url);
const registry = createRegistry([toyPack]);

describe('check', () => {
  it.each(readdirSync(cases))('%s', (name) => {
    const document = read(new URL(`${name}/graph.json`, cases));
    const expected = JSON.parse(readFileSync(new URL(`${name}/expected.json`, cases), 'utf8')) as unknown;
    expect(summary(check(document, registry))).toEqual(expected);
  });
});

function read(url: URL): GraphDocument {
  const { document, problems } = parseGraph(readFileSync(url, 'utf8'));
  expect(problems).toEqual([]);
  return document!;
}

function summary({ ok, problems, nodes }: Checked): unknown {
  return {
    ok,
    problems: problems.map((problem) => `${problem.severity} ${problem.code}: ${formatProblem(problem)}`),
    nodes: Object.fromEntries(
      [...nodes.values()].map(({ id, inputs, outputs }) => [
        id,
        {
          inputs: Object.fromEntries(Object.entries(inputs).map(([name, { from, socket }]) => [name, `${from}.${socket}`])),
          outputs: Object.fromEntries(Object.entries(outputs).map(([name, signal]) => [name, describeSignal(signal)])),
        },
      ]),
    ),
  };
}

describe('what check knows of a node', () => {
  const document = read(new URL('chain-of-shapes/graph.json', cases));
  const { nodes, order } = check(document, registry);

  it('orders nodes after what they depend on, the same way every time', () => {
    expect(order).toEqual(['images', 'student', 'teacher', 'loss'].sort((a, b) => order.indexOf(a) - order.indexOf(b)));
    for (const [id, { inputs, index }] of nodes) {
      expect(order[index]).toBe(id);
      for (const { from } of Object.values(inputs)) expect(order.indexOf(from)).toBeLessThan(index);
    }
    const reversed = { ...document, nodes: Object.fromEntries(Object.entries(document.nodes).reverse()) };
    expect(check(reversed, registry).order).toEqual(order);
  });

  it('fills in defaults and gives stages in the order of the backbone', () => {
    expect(nodes.get('student')!.params).toEqual({ stages: ['one', 'two'], mean: [0, 0, 0] });
    expect(nodes.get('loss')!.params).toEqual({ form: 'squared' });
  });

  it('sums the cost: 32×32 images, two stages → 20 weights, 10 240 multiply-adds, 4 096 bytes', () => {
    expect(nodes.get('teacher')!.cost).toEqual({ parameters: 20, multiplyAdds: 10_240, activationBytes: 4096 });
  });

  it('names nodes as the document does, or else as their type', () => {
    expect(nodes.get('student')!.title).toBe('Pupil');
    expect(nodes.get('teacher')!.title).toBe('Backbone');
  });

  it('gives signals whole: type, shape, stride, image and where they come from', () => {
    expect(nodes.get('loss')!.inputs['student']).toEqual({
      type: 'features',
      shape: [8, 8, 16],
      stride: 4,
      image: [32, 32],
      from: 'student',
      socket: 'two',
    });
  });
});

describe('check of large graphs', () => {
  const chain = (n: number): GraphDocument => ({
    stillroom: 1,
    name: 'chain',
    nodes: Object.fromEntries([
      ['images', { type: 'toy/source', version: 1 }],
      ['teacher', { type: 'toy/backbone', version: 1 }],
      ['loss', { type: 'toy/compare', version: 1 }],
      ...Array.from({ length: n }, (_, i) => [`sum-${i}`, { type: 'toy/sum', version: 1 }]),
    ]) as GraphDocument['nodes'],
    edges: [
      { from: 'images.images', to: 'teacher.images' },
      { from: 'teacher.one', to: 'loss.teacher' },
      { from: 'teacher.one', to: 'loss.student' },
      ...Array.from({ length: n }, (_, i) => ({ from: i ? `sum-${i - 1}.loss` : 'loss.loss', to: `sum-${i}.a` })),
    ],
  });

  it('walks a chain of 10 000 nodes without running out of stack', () => {
    const { ok, nodes } = check(chain(10_000), registry);
    expect(ok).toBe(true);
    expect(nodes.get('sum-9999')!.index).toBe(10_002);
  });

  it('asks each of 2 000 nodes once what it gives', () => {
    let asked = 0;
    const counting = toyPack.nodes.map((definition) => ({
      ...definition,
      infer: (...given: Parameters<typeof definition.infer>) => {
        asked++;
        return definition.infer(...given);
      },
    }));
    check(chain(1997), createRegistry([{ name: 'counting', nodes: counting }]));
    expect(asked).toBe(2000);
  });
});
