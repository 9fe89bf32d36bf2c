import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Pack } from '../../plugins/sdk/index.ts';
import { resnet18 } from '../../plugins/teachers/resnet18.ts';
import { checkPack } from '../../server/conformance/index.ts';
import type { Manifest } from '../../server/runs/manifest.ts';
import { json, Stillroom } from '../server/cli/stillroom.ts';
import { writeImage, writeTinyGraph } from '../server/cli/tiny.ts';
import { engineNeed } from '../support/eager-node.ts';
import { describeWith } from '../support/needs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { linkTools } from '../support/third-party.ts';

const text = readFileSync(new URL('../../docs/plugins.md', import.meta.url), 'utf8');
const root = temporaryFolder();
const folder = mkdtempSync(join(root, 'acme-'));
const days = join(root, 'days');
const stillroom = new Stillroom(join(root, 'home'), { STILLROOM_PLUGIN_DIRS: folder });
const options = { target: 'es2022', module: 'nodenext', lib: ['es2022', 'dom'], types: [], strict: true, noUncheckedIndexedAccess: true, skipLibCheck: true, noEmitOnError: true, verbatimModuleSyntax: true, rewriteRelativeImportExtensions: true, rootDir: 'src', outDir: 'dist' };

beforeAll(async () => {
  mkdirSync(join(folder, 'src'));
  for (const [, name, code] of text.matchAll(/^```ts\n\/\/ (\S+)\n(.*?)^```$/gms)) writeFileSync(join(folder, 'src', name!), code!);
  linkTools(folder);
  const manifest = { manifest: 1, api: '^1.0.0', title: 'Acme', packs: ['./dist/index.js'] };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'acme', version: '1.0.0', type: 'module', keywords: ['stillroom-plugin'], stillroom: manifest }));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['src'] }));
  execFileSync(process.execPath, [join(folder, 'node_modules/typescript/bin/tsc')], { cwd: folder, encoding: 'utf8' });
  for (let i = 0; i < 10; i++) await writeImage(join(days, '1', `ok_${i}.png`), false);
  for (let i = 0; i < 3; i++) {
    await writeImage(join(days, '2', `ok_${i}.png`), false);
    await writeImage(join(days, '2', `ng-blot_${i}.png`), true);
  }
}, 60_000);

describe('the examples of docs/plugins.md', { timeout: 60_000 }, () => {
  it('keep the contract', async () => {
    const { pack } = (await import(join(folder, 'dist/index.js'))) as { pack: Pack };
    expect((await checkPack(pack, { plugin: 'acme' })).findings).toEqual([]);
  });

  it('have a layout that `data info` reads a dataset in', async () => {
    writeFileSync(join(days, 'product.txt'), 'gears\n');
    const found = { layout: 'acme/shifts', categories: [{ name: 'gears', train: 10, good: 3, defective: 3, defects: { blot: { images: 3 } } }] };
    expect(json(await stillroom.run('data', 'info', days, '--json'))).toMatchObject(found);
    expect(json(await stillroom.run('data', 'info', days, '--layout', 'acme/shifts', '--json'))).toMatchObject(found);
  });

  it('have a reader that files of weights are added by', async () => {
    const { name, shape: [height = 0, width = 0, input = 0, output = 0] } = resnet18.architecture.weights().find((one) => one.name === 'conv1.weight')!;
    const file = join(root, 'stem.json');
    const data = Array<number>(height * width * input * output).fill(0.25);
    writeFileSync(file, JSON.stringify({ weights: { [name]: { shape: [output, input, height, width], data } } }));
    expect(json(await stillroom.run('weights', 'add', 'resnet18.stem', '--file', file, '--json'))).toMatchObject({ name: 'resnet18.stem', architecture: 'resnet18' });
  });
});

describeWith(engineNeed(), 'the optimiser and the schedule of docs/plugins.md', () => {
  it('fit a graph, as its manifest says', async () => {
    const graph = writeTinyGraph(join(root, 'graph.json'), ({ nodes }) => {
      nodes['fit-shallow'] = { type: 'acme/fit-by-lion', version: 1, params: { epochs: 3, learningRate: 0.001 } };
    });
    const out = join(root, 'run');
    const ran = await stillroom.run('run', graph, '--data', days, '--out', out, '--offline', '--json');
    expect(ran.code, ran.err).toBe(0);
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as Manifest;
    expect(manifest.graph.requires).toEqual({ acme: '1.0.0' });
    expect(manifest.fits!['fit-shallow']).toMatchObject({ optimiser: { kind: 'acme/lion', beta1: 0.9, beta2: 0.99 }, schedule: { kind: 'acme/warm-up', steps: 20 }, epochs: 3 });
    const rates = readFileSync(join(out, 'metrics.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as { type: string; rate: number }).filter(({ type }) => type === 'epoch').map(({ rate }) => rate);
    // One step of seven images an epoch: a twentieth of the rate more each.
    [1, 2, 3].forEach((step, i) => expect(rates[i]).toBeCloseTo((0.001 * step) / 20, 12));
  });
});
