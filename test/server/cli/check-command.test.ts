import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { json, problems, Stillroom } from './stillroom.ts';
import { writeTinyGraph } from './tiny.ts';

interface CheckJson {
  ok: boolean;
  name: string;
  identity: string;
  error?: { code: string };
  problems: { code: string; severity: string; node?: string }[];
  nodes: {
    id: string;
    type: string;
    outputs: Record<string, { type: string; shape: number[]; stride?: number }>;
    cost: { parameters: number; multiplyAdds: number };
  }[];
}

const folder = temporaryFolder();
const stillroom = new Stillroom(join(folder, 'home'));

/** ResNet18 to layer2, from its paper: kernels, and where they are applied on 224×224 px. */
const convolutions = [
  { kernels: 7 * 7 * 3 * 64, positions: 112 ** 2 },
  { kernels: 4 * 3 * 3 * 64 * 64, positions: 56 ** 2 },
  { kernels: 3 * 3 * 64 * 128 + 3 * 3 * 3 * 128 * 128 + 64 * 128, positions: 28 ** 2 },
];
/** Scale, shift, mean and variance for each channel of each convolution. */
const normalised = 4 * (64 + 4 * 64 + 5 * 128);

describe('stillroom check graphs/dual-model.json', () => {
  it('as JSON gives shapes, parameters and multiply-adds of every node', async () => {
    const outcome = await stillroom.call('check', 'graphs/dual-model.json', '--json');
    expect([outcome.code, outcome.err]).toEqual([0, '']);
    const { ok, name, identity, nodes, problems: found } = json<CheckJson>(outcome);
    expect({ ok, name, found }).toEqual({ ok: true, name: 'Dual model', found: [] });
    expect(identity).toMatch(/^[0-9a-f]{64}$/);

    const node = (id: string) => nodes.find((each) => each.id === id)!;
    expect(node('teacher-shallow').outputs).toMatchObject({
      layer1: { type: 'features', shape: [56, 56, 64], stride: 4 },
      layer2: { type: 'features', shape: [28, 28, 128], stride: 8 },
    });
    expect(node('teacher-deep').outputs).toMatchObject({ stage5: { shape: [14, 14, 112] }, stage7: { shape: [7, 7, 320] } });
    expect(node('teacher-shallow').cost.parameters).toBe(convolutions.reduce((n, c) => n + c.kernels, normalised));
    expect(node('teacher-shallow').cost.multiplyAdds).toBe(convolutions.reduce((n, c) => n + c.kernels * c.positions, 0));
  });

  it('as a table gives the same and a sum, and says that it can be run', async () => {
    const { out, err, code } = await stillroom.call('check', 'graphs/dual-model.json');
    expect([code, err]).toEqual([0, '']);
    const row = (id: string) => out.split('\n').find((line) => line.startsWith(`${id} `))!.split(/ {2,}/);
    expect(row('teacher-shallow').slice(0, 5)).toEqual([
      'teacher-shallow', 'teacher/resnet18', 'layer1 56×56×64 /4, layer2 28×28×128 /8', '685 k', '991 M',
    ]);
    expect(row('sum').length).toBe(4);
    expect(out.trimEnd().split('\n').at(-1)).toBe('ok: graphs/dual-model.json can be run');
  });

  it('loads nothing native: no TensorFlow, no image library', async () => {
    const refusal = 'data:text/javascript,process.dlopen=(_,file)=>process._rawDebug("loads",file)';
    const command = new Stillroom(stillroom.home, { NODE_OPTIONS: `--import ${refusal}` });
    const { code, err } = await command.run('check', 'graphs/dual-model.json');
    expect([code, err]).toEqual([0, '']);
  });
});

describe('stillroom check of a graph with mistakes', () => {
  const mistaken = writeTinyGraph(join(folder, 'mistaken.json'), ({ nodes, edges }) => {
    nodes['fit-shallow']!.params!['batch'] = 0;
    nodes['smooth-shallow']!.type = 'scoring/smoth';
    edges.find(({ to }) => to === 'distance-layer1.student')!.from = 'student-shallow.layer3';
  });

  it('tells all of them, one a line, each with its place', async () => {
    const outcome = await stillroom.call('check', mistaken);
    expect(outcome.code).toBe(1);
    const lines = problems(outcome);
    expect(lines).toContainEqual(expect.stringMatching(/^error: fit-shallow › batch: /));
    expect(lines).toContainEqual(expect.stringMatching(/^error: smooth-shallow › type: .*did you mean "scoring\/smooth"\?/));
    expect(lines).toContainEqual(expect.stringMatching(/^error: student-shallow\.layer3: /));
    expect(outcome.err.trimEnd().split('\n').at(-1)).toBe(`${mistaken}: ${lines.length} errors`);
    expect(outcome.out).not.toContain('can be run');
  });

  it('as JSON gives the error that a run would give, and beside it every problem and every node', async () => {
    const outcome = await stillroom.call('check', mistaken, '--json');
    expect(outcome.code).toBe(1);
    const { ok, error, problems: found, nodes } = json<CheckJson>(outcome);
    expect(ok).toBe(false);
    expect(found.map(({ code }) => code)).toEqual(expect.arrayContaining(['invalid-parameter', 'unknown-node-type', 'unknown-socket']));
    expect(error).toMatchObject({ code: found.find(({ severity }) => severity === 'error')!.code });
    expect(nodes.map(({ id }) => id)).toContain('teacher-shallow');
  });

  it('finds weights that do not reach as deep as what a teacher gives', async () => {
    const deep = writeTinyGraph(join(folder, 'deep.json'), ({ nodes }) => void (nodes['teacher-shallow']!.params = { stages: ['layer1', 'layer2', 'layer3'] }));
    const outcome = await stillroom.call('check', deep, '--json');
    expect(outcome.code).toBe(1);
    const message = 'expected weights that cover layer3, found resnet18.starter, which reaches to layer2';
    expect(json(outcome)).toMatchObject({ ok: false, error: { code: 'weights-missing', node: 'teacher-shallow', message } });
    expect(problems(outcome)).toEqual([expect.stringContaining(`error: teacher-shallow › weights: ${message}`)]);
  });

  it('finds what only cutting it into programs shows', async () => {
    const twice = writeTinyGraph(join(folder, 'twice.json'), ({ nodes, edges }) => {
      nodes['fit-again'] = structuredClone(nodes['fit-shallow']!);
      edges.push({ from: 'loss-shallow.loss', to: 'fit-again.loss' });
    });
    const outcome = await stillroom.call('check', twice, '--json');
    expect(outcome.code).toBe(1);
    expect(json(outcome)).toMatchObject({ ok: false, error: { code: 'trained-twice', node: 'student-shallow' } });
    expect(problems(outcome)).toEqual([expect.stringContaining('error: student-shallow: ')]);
  });

  it('warns and still says that it can be run', async () => {
    const unfitted = writeTinyGraph(join(folder, 'unfitted.json'), ({ nodes, edges }) => {
      delete nodes['fit-shallow'];
      edges.splice(0, edges.length, ...edges.filter(({ to }) => !to.startsWith('fit-shallow.')));
    });
    const outcome = await stillroom.call('check', unfitted);
    expect(outcome.code).toBe(0);
    expect(problems(outcome)).toEqual([expect.stringMatching(/^warning: student-shallow: /)]);
    expect(outcome.out).toContain('can be run');
  });
});
