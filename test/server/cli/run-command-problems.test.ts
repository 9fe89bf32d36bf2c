import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeSafetensors } from '../../../server/weights/safetensors.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { hashOf, json, problems, Stillroom } from './stillroom.ts';
import { writeMask, writeTinyCategory, writeTinyGraph } from './tiny.ts';

const folder = temporaryFolder();
const at = (...path: string[]): string => join(folder, ...path);
const stillroom = new Stillroom(at('home'));
const graph = at('graph.json');
const data = at('data', 'plates');

interface ErrorJson {
  error: { code: string; message: string; node?: string; socket?: string; field?: string; file?: string; hint?: string };
}

/** What is given instead of a good graph and good data, and what is said of it. */
interface Case {
  what: string;
  args?: string[];
  graph?: string;
  data?: string;
  expected: Partial<ErrorJson['error']> & { code: string };
  /** In each line of standard error. */
  line: string | string[];
  exit?: number;
}

beforeAll(async () => {
  writeTinyGraph(graph);
  await writeTinyCategory(data);

  cpSync(data, at('no-good', 'plates'), { recursive: true });
  rmSync(at('no-good', 'plates', 'train'), { recursive: true });
  rmSync(at('no-good', 'plates', 'test', 'good'), { recursive: true });
  cpSync(data, at('wrong-mask', 'plates'), { recursive: true });
  await writeMask(at('wrong-mask', 'plates', 'ground_truth', 'blot', '1_mask.png'), 80);

  writeFileSync(at('text.json'), 'stillroom: 1\n');
  writeFileSync(at('noise.safetensors'), Buffer.alloc(64, 7));
  await writeSafetensors(at('cut.safetensors'), new Map([['conv1.weight', { shape: [64, 3, 7, 7], data: new Float32Array(9408) }]]));
  writeFileSync(at('half.pth'), Buffer.from('PK\u0003\u0004 and no more', 'latin1'));
  await writeSafetensors(at('other.safetensors'), new Map([['encoder.weight', { shape: [4], data: new Float32Array(4) }]]));
  mkdirSync(at('folder.pth'));

  writeTinyGraph(at('unknown-type.json'), ({ nodes }) => (nodes['teacher-shallow']!.type = 'teacher/resnet81'));
  writeTinyGraph(at('unknown-node.json'), ({ edges }) => {
    edges.find(({ to }) => to === 'pool-layer1.features')!.from = 'teacher.layer1';
  });
  writeTinyGraph(at('cycle.json'), ({ nodes, edges }) => {
    nodes['again'] = { type: 'features/pool', version: 1 };
    nodes['once-more'] = { type: 'features/pool', version: 1 };
    edges.push({ from: 'again.features', to: 'once-more.features' }, { from: 'once-more.features', to: 'again.features' });
  });
  writeTinyGraph(at('shapes.json'), ({ nodes }) => (nodes['pool-layer1']!.params = { window: 4 }));
  writeTinyGraph(at('socket.json'), ({ edges }) => {
    const edge = edges.find(({ from }) => from === 'teacher-shallow.layer2')!;
    edge.from = 'teacher-shallow.layer22';
  });
});

const cases: Case[] = [
  {
    what: 'no such folder of images',
    data: at('nowhere'),
    expected: { code: 'no-such-folder', file: at('nowhere') },
    line: `${at('nowhere')}: expected a folder of images, found nothing there`,
  },
  {
    what: 'a file instead of the folder of images',
    data: graph,
    expected: { code: 'not-a-folder', file: graph },
    line: `${graph}: expected a folder of images, found a file`,
  },
  {
    what: 'no good images to fit on',
    data: at('no-good', 'plates'),
    expected: { code: 'no-good-images' },
    line: at('no-good', 'plates'),
  },
  {
    what: 'a mask of another size than its image',
    data: at('wrong-mask', 'plates'),
    expected: { code: 'mask-size-differs', file: expect.stringContaining(join('blot', '1_mask.png')) as unknown as string },
    line: 'found 80×80',
  },
  {
    what: 'a category that the dataset does not have',
    args: ['--category', 'forks'],
    expected: { code: 'unknown-category' },
    line: 'found "forks" (choose from plates)',
  },
  { what: 'no graph', graph: at('none.json'), expected: { code: 'graph-missing', file: at('none.json') }, line: `${at('none.json')}: ` },
  { what: 'a graph that is not JSON', graph: at('text.json'), expected: { code: 'json-syntax', file: at('text.json') }, line: `${at('text.json')}: line 1, column 1` },
  {
    what: 'a node type that is not known',
    graph: at('unknown-type.json'),
    expected: { code: 'unknown-node-type', node: 'teacher-shallow', hint: 'did you mean "teacher/resnet18"?' },
    line: 'teacher-shallow › type: expected a known node type, found "teacher/resnet81"',
  },
  {
    what: 'an edge from a node that is not there',
    graph: at('unknown-node.json'),
    expected: { code: 'unknown-node' },
    line: 'no node "teacher"',
  },
  { what: 'edges in a ring', graph: at('cycle.json'), expected: { code: 'cycle' }, line: 'again' },
  {
    what: 'features of two sizes that are compared',
    graph: at('shapes.json'),
    expected: { code: 'shape-mismatch', node: 'distance-layer1' },
    line: ['distance-layer1.student: expected 4×4 positions', 'loss-shallow.student1: expected 4×4 positions'],
  },
  {
    what: 'an edge from a socket that is not there',
    graph: at('socket.json'),
    expected: { code: 'unknown-socket', node: 'teacher-shallow', socket: 'layer22', hint: expect.stringContaining('layer2') as unknown as string },
    line: 'teacher-shallow.layer22: ',
  },
  {
    what: 'a file of weights that is not there',
    args: ['--weights', `resnet18=${at('none.pth')}`],
    expected: { code: 'file-not-found', file: at('none.pth'), node: 'teacher-shallow' },
    line: at('none.pth'),
  },
  {
    what: 'a folder for a file of weights',
    args: ['--weights', `resnet18=${at('folder.pth')}`],
    expected: { code: 'weights-unknown-format', file: at('folder.pth') },
    line: `${at('folder.pth')}: teacher-shallow: expected a file of weights or a folder of .npy files, found a folder without any`,
  },
  {
    what: 'a file that is no weights',
    args: ['--weights', `resnet18=${at('noise.safetensors')}`],
    expected: { code: 'weights-unknown-format', file: at('noise.safetensors') },
    line: at('noise.safetensors'),
  },
  {
    what: 'a file of weights that is cut off',
    args: ['--weights', `resnet18=${at('half.pth')}`],
    expected: { code: 'weights-corrupt', file: at('half.pth') },
    line: at('half.pth'),
  },
  {
    what: 'a file of weights that lacks most of them',
    args: ['--weights', `resnet18=${at('cut.safetensors')}`],
    expected: { code: 'weights-missing', node: 'teacher-shallow', file: at('cut.safetensors') },
    line: 'teacher-shallow: ',
  },
  {
    what: 'weights of another architecture, in a file',
    args: ['--weights', `resnet18=${at('other.safetensors')}`],
    expected: { code: 'weights-wrong-architecture', node: 'teacher-shallow', file: at('other.safetensors') },
    line: '"encoder.weight"',
  },
  {
    what: 'weights of another architecture, by name',
    args: ['--weights', 'resnet18=efficientnet-b0.starter'],
    expected: { code: 'unknown-weights', node: 'teacher-shallow' },
    line: 'found "efficientnet-b0.starter" of efficientnet-b0',
  },
  {
    what: 'weights for an architecture that the graph does not use',
    args: ['--weights', 'efficientnet-b0=efficientnet-b0.starter'],
    expected: { code: 'weights-unused', hint: 'the graph uses resnet18' },
    line: 'weights of efficientnet-b0',
  },
  {
    what: 'a parameter that the node does not have',
    args: ['--set', 'fit-shallow.epoch=3'],
    expected: { code: 'unknown-parameter', node: 'fit-shallow', field: 'epoch' },
    line: 'fit-shallow › epoch: ',
  },
  {
    what: 'a node that the graph does not have, in a setting',
    args: ['--set', 'fit-student.epochs=3'],
    expected: { code: 'unknown-node', node: 'fit-student' },
    line: 'fit-student: ',
  },
  {
    what: 'a value that the parameter cannot have',
    args: ['--set', 'fit-shallow.epochs=few'],
    expected: { code: 'invalid-parameter', node: 'fit-shallow', field: 'epochs' },
    line: 'fit-shallow › epochs: expected a number, found "few"',
  },
  {
    what: 'a setting that does not read as one',
    args: ['--set', 'epochs'],
    expected: { code: 'bad-setting' },
    line: 'expected node.param=value, found "epochs"',
    exit: 2,
  },
  {
    what: 'a seed below 0',
    args: ['--seed', '-1'],
    expected: { code: 'bad-usage', message: '--seed: expected a whole number from 0, found "-1"' },
    line: '--seed: ',
    exit: 2,
  },
  {
    what: 'no epochs at all',
    args: ['--epochs', '0'],
    expected: { code: 'bad-usage', message: '--epochs: expected a whole number from 1, found "0"' },
    line: '--epochs: ',
    exit: 2,
  },
];

/** The folder that `--out` names was there before, with something in it that nobody may lose. */
const out = at('out');
beforeAll(() => {
  mkdirSync(out);
  writeFileSync(join(out, 'notes.txt'), 'mine');
});

const attempt = (given: Partial<Case> = {}, command = stillroom) =>
  command.call('run', given.graph ?? graph, '--data', given.data ?? data, '--out', out, '--json', ...(given.args ?? []));

describe('stillroom run is given', () => {
  for (const { what, expected, line, exit = 1, ...given } of cases) {
    it(`${what}: ${expected.code}, located in one line`, async () => {
      const before = hashOf(out);
      const outcome = await attempt(given);
      expect(outcome.code).toBe(exit);
      expect(json(outcome)).toMatchObject({ error: { message: expect.any(String) as unknown, ...expected } });
      expect(problems(outcome)).toEqual([line].flat().map((text) => expect.stringContaining(text) as unknown));
      expect(outcome.err).not.toMatch(/^ +at /m);
      expect(hashOf(out)).toBe(before);
    });
  }
});

describeWith(engineNeed(), 'stillroom run is given an --out', () => {
  it('that is a folder of something else: it is left as it is', async () => {
    const before = hashOf(out);
    const outcome = await stillroom.run('run', graph, '--data', data, '--out', out, '--json');
    expect(outcome.code).toBe(1);
    expect(json(outcome)).toMatchObject({ error: { code: 'run-folder-taken', file: out } });
    expect(problems(outcome)).toEqual([expect.stringContaining('notes.txt')]);
    expect(hashOf(out)).toBe(before);
  });

  it('that is a file: it is left as it is', async () => {
    const before = hashOf(graph);
    const outcome = await stillroom.run('run', graph, '--data', data, '--out', graph, '--json');
    expect(outcome.code).toBe(1);
    expect(json(outcome)).toMatchObject({ error: { code: 'cannot-write', file: graph } });
    expect(problems(outcome)).toEqual([expect.stringContaining(`${graph}: `)]);
    expect(hashOf(graph)).toBe(before);
  });
});

describe('where no engine is to be had', () => {
  const without = new Stillroom(at('home'), { STILLROOM_ENGINE: at('empty') });
  beforeAll(() => void mkdirSync(at('empty')));

  it('run says so and writes nothing', async () => {
    const before = hashOf(out);
    const outcome = await attempt({}, without);
    expect(outcome.code).toBe(1);
    expect(json(outcome)).toMatchObject({ error: { code: 'engine-not-there', file: at('empty'), hint: expect.stringContaining('STILLROOM_ENGINE') as unknown } });
    expect(problems(outcome)).toHaveLength(1);
    expect(hashOf(out)).toBe(before);
  });

  it.each([
    ['check', ['check', graph]],
    ['nodes', ['nodes', 'training/fit']],
    ['data info', ['data', 'info', data]],
    ['weights list', ['weights', 'list']],
  ])('%s works all the same', async (_, args) => {
    const { code, out: text } = await without.call(...args);
    expect(code).toBe(0);
    expect(text).not.toBe('');
  });
});
