import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { resnet18 } from '../../../plugins/teachers/resnet18.ts';
import type { Manifest } from '../../../server/runs/manifest.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';
import { installFixtures } from '../../support/plugins.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { json, problems, Stillroom } from '../cli/stillroom.ts';
import { writeImage, writeTinyGraph } from '../cli/tiny.ts';

const root = temporaryFolder();
const home = join(root, 'home');
const stillroom = new Stillroom(home);
const days = join(root, 'gears');

/** Two days of shots in the workshop's layout, 64×64 px. */
async function writeDays(): Promise<void> {
  for (let i = 0; i < 10; i++) await writeImage(join(days, '1-monday', `ok_${i}.png`), false);
  for (let i = 0; i < 3; i++) {
    await writeImage(join(days, '2-tuesday', `ok_${i}.png`), false);
    await writeImage(join(days, '2-tuesday', `ng-blot_${i}.png`), true);
  }
}

/** A file in the workshop's format of weights. */
function flatFile(tensors: Record<string, { shape: readonly number[]; value: number }>): Buffer {
  const parts = Object.entries(tensors).flatMap(([name, { shape, value }]) => [
    Buffer.from(`${[name, ...shape].join(' ')}\n`),
    Buffer.from(new Float32Array(shape.reduce((product, side) => product * side, 1)).fill(value).buffer),
  ]);
  return Buffer.concat([Buffer.from('ACMEW1\n'), ...parts]);
}

beforeAll(async () => {
  mkdirSync(home, { recursive: true });
  installFixtures(home, 'workshop', 'wayward');
  await writeDays();
});

describe('a plugin with a layout, a reader of weights, an optimiser and a schedule', () => {
  it('is sound, and says what it brings', async () => {
    expect(json(await stillroom.run('plugin', 'check', '@acme/workshop', '--json'))).toMatchObject({
      problem: null,
      layouts: ['@acme/workshop/shifts'],
      weightReaders: ['@acme/workshop/flat'],
      optimisers: ['@acme/workshop/lion'],
      schedules: ['@acme/workshop/steps'],
    });
  });

  it('has its layout looked at by `data info`, recognised and by name', async () => {
    const found = json<{ layout: string; categories: unknown[] }>(await stillroom.run('data', 'info', days, '--json'));
    expect(found).toMatchObject({ layout: '@acme/workshop/shifts', categories: [{ name: 'gears', train: 10, good: 3, defective: 3 }] });
    expect(json(await stillroom.run('data', 'info', days, '--layout', '@acme/workshop/shifts', '--json'))).toEqual(found);
    const refused = await stillroom.run('data', 'info', days, '--layout', 'wayward/throws');
    expect([refused.code, problems(refused)]).toEqual([1, [expect.stringContaining('expected the layout "wayward/throws" to read a folder, found that it failed: I never liked folders')]]);
  });

  it('has its format of weights read where files are added, and what is wrong with one told', async () => {
    const stem = resnet18.architecture.weights().filter(({ name }) => /^(conv1|bn1)\./.test(name));
    const shapeInFile = ({ shape, layout }: (typeof stem)[number]): readonly number[] => (layout === 'plain' ? shape : [shape[3]!, shape[2]!, shape[0]!, shape[1]!]);
    const file = join(root, 'stem.acme');
    writeFileSync(file, flatFile(Object.fromEntries(stem.map((spec) => [spec.name, { shape: shapeInFile(spec), value: 0.5 }]))));
    const told = json(await stillroom.run('weights', 'add', 'resnet18.stem', '--file', file, '--json'));
    expect(told).toMatchObject({ name: 'resnet18.stem', architecture: 'resnet18' });
    const damaged = join(root, 'damaged.acme');
    writeFileSync(damaged, Buffer.concat([flatFile({}), Buffer.from('no end')]));
    const refused = await stillroom.run('weights', 'add', 'resnet18.damaged', '--file', damaged);
    expect(refused.code).toBe(1);
    expect(problems(refused)).toEqual([expect.stringContaining(`${damaged}: expected the reader "@acme/workshop/flat" to read the file, found that it failed: a line that does not end at byte 0`)]);
  });
});

describeWith(engineNeed(), 'a run by a plugin', () => {
  /** The shallow model, fitted by the workshop's optimiser on the workshop's loss. */
  const graph = (optimiser: string, file: string): string =>
    writeTinyGraph(join(root, file), ({ nodes, edges }) => {
      const [fit, loss] = ['fit-shallow', Object.keys(nodes).find((id) => nodes[id]!.type === 'distillation/loss')!] as const;
      nodes[fit] = { type: '@acme/workshop/fit', version: 1, params: { epochs: 2, rate: 0.01, optimiser } };
      nodes[loss] = { type: '@acme/workshop/focal', version: 1, params: { power: 0.5 } };
      edges.splice(0, edges.length, ...edges.filter(({ to }) => !to.startsWith(`${loss}.`) || to.endsWith('1')));
      for (const edge of edges) edge.to = edge.to.replace(`${loss}.teacher1`, `${loss}.teacher`).replace(`${loss}.student1`, `${loss}.student`);
    });
  const lossesOf = (folder: string): number[] =>
    readFileSync(join(folder, 'metrics.jsonl'), 'utf8').trim().split('\n').flatMap((line) => {
      const { type, trainLoss } = JSON.parse(line) as { type: string; trainLoss: number };
      return type === 'epoch' ? [trainLoss] : [];
    });
  const manifestOf = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  const run = (graphFile: string, out: string, ...more: string[]) => stillroom.run('run', graphFile, '--data', days, '--out', join(root, out), '--offline', '--json', ...more);

  it('fits natively and op by op to the same, and says in its manifest by what', async () => {
    const lion = graph('lion', 'lion.json');
    const native = await run(lion, 'native');
    expect(native.code).toBe(0);
    expect((await run(lion, 'eager', '--mode', 'eager')).code).toBe(0);
    const [fast, slow] = [lossesOf(join(root, 'native')), lossesOf(join(root, 'eager'))];
    expect(fast).toHaveLength(2);
    fast.forEach((loss, i) => expect(Math.abs(loss - slow[i]!) / slow[i]!).toBeLessThan(1e-3));
    const manifest = manifestOf(join(root, 'native'));
    expect(manifest.graph.requires).toEqual({ '@acme/workshop': '2.1.0' });
    expect(manifest.data.layout).toBe('@acme/workshop/shifts');
    expect(manifest.fits).toMatchObject({ 'fit-shallow': { optimiser: { kind: '@acme/workshop/lion', beta1: 0.9, beta2: 0.99 }, schedule: { kind: '@acme/workshop/steps', every: 3, factor: 0.5 } } });
  });

  it('by another optimiser is another run', async () => {
    expect((await run(graph('adam', 'adam.json'), 'adam')).code).toBe(0);
    const [lion, adam] = [manifestOf(join(root, 'native')), manifestOf(join(root, 'adam'))];
    expect(adam.identity).not.toBe(lion.identity);
    expect(adam.fits).toMatchObject({ 'fit-shallow': { optimiser: { kind: 'adam' } } });
    expect(lossesOf(join(root, 'adam')).at(-1)).not.toBe(lossesOf(join(root, 'native')).at(-1));
  });
});
