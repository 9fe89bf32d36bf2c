import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { writeSafetensors } from '../../../server/weights/safetensors.ts';
import { readState } from '../../../server/weights/read-state.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { json, problems, repository, Stillroom } from './stillroom.ts';

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
const stillroom = new Stillroom(at('home'));
const starter = join(repository, 'plugins/teachers/starter/resnet18.safetensors');

interface CheckJson {
  name: string;
  architecture: string;
  form: string;
  reaches: string | null;
  stages: { stage: string; shape: number[] }[];
  firstLayer: { name: string; filters: number; kernel: number };
  fits: { form: { name: string }; divergence: number }[];
  problems: { code: string; severity: string }[];
  untold: string[];
  sheet: string;
}

describeWith(engineNeed(), 'stillroom weights check', () => {
  it('says of registered weights what each stage gives, and draws the first filters', async () => {
    const outcome = await stillroom.call('weights', 'check', 'resnet18.starter', '--offline', '--sheet', at('filters.png'));
    expect(outcome.code).toBe(0);
    expect(outcome.out).toContain('resnet18.starter  ResNet18 to layer2, starter weights');
    expect(outcome.out).toMatch(/^layer2 +28×28×128( +[\d.]+){3} +[\d.]+ % +0 +0$/m);
    expect(outcome.out).toContain('First layer conv1: 64 filters of 7×7, 0 of them dead');
    expect(outcome.out).toMatch(/^as declared +RGB/m);
    expect(outcome.out).toContain('Nothing looks wrong.');
    expect(outcome.out).toContain('complete to layer2: there is nothing of the stages after it');
    expect(problems(outcome)).toEqual([]);
    // Eight filters in a row, each 7·8 px and 6 px apart.
    const { width, height } = await sharp(at('filters.png')).metadata();
    expect([width, height]).toEqual([6 + 8 * 62, 6 + 8 * 62]);
    const { data } = await sharp(at('filters.png')).raw().toBuffer({ resolveWithObject: true });
    const kernels = (await readState(starter)).get('conv1.weight')!.data;
    // The middle of the first filter, red: its value over the filter's largest magnitude, about grey.
    const largest = kernels.subarray(0, 147).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const pixel = ((6 + 3 * 8 + 1) * width! + 6 + 3 * 8 + 1) * 3;
    expect(data[pixel]).toBe(Math.round(127.5 * (1 + kernels[3 * 7 + 3]! / largest)));
  });

  it('finds out what a file holds, and writes one JSON document', async () => {
    const state = new Map([...(await readState(starter))].filter(([name]) => /^(conv1|bn1)\./.test(name)));
    const kernels = state.get('conv1.weight')!;
    state.set('conv1.weight', { ...kernels, data: kernels.data.map((_, i) => Math.sin(i * i)) });
    await writeSafetensors(at('noise.safetensors'), state);
    const outcome = await stillroom.call('weights', 'check', at('noise.safetensors'), '--offline', '--json', '--sheet', at('noise.png'));
    expect(outcome.code).toBe(0);
    const found = json<CheckJson>(outcome);
    expect(found).toMatchObject({ name: 'noise.safetensors', architecture: 'resnet18', form: 'plain', sheet: at('noise.png') });
    expect(found.firstLayer).toMatchObject({ name: 'conv1', filters: 64, kernel: 7 });
    expect(found.stages).toEqual([expect.objectContaining({ stage: 'stem', shape: [56, 56, 64] })]);
    expect(found.problems.map(({ code, severity }) => [code, severity])).toEqual([['weights-untrained', 'warning']]);
    expect(found.reaches).toBe('stem');
    expect(problems(outcome)).toHaveLength(1);
    expect(readFileSync(at('noise.png')).subarray(1, 4).toString()).toBe('PNG');
  });

  it('warns of a file that has a stage in part', async () => {
    const state = new Map([...(await readState(starter))].filter(([name]) => !name.startsWith('layer2.1.')));
    await writeSafetensors(at('part.safetensors'), state);
    const found = json<CheckJson>(await stillroom.call('weights', 'check', at('part.safetensors'), '--offline', '--json'));
    expect(found.reaches).toBeNull();
    expect(found.stages.map(({ stage }) => stage)).toEqual(['stem', 'layer1']);
    expect(found.problems.map(({ code }) => code)).toContain('weights-not-whole');
  });

  it('fails where the file has nothing of the architecture', async () => {
    await writeSafetensors(at('other.safetensors'), new Map([['encoder.weight', { shape: [1], data: new Float32Array(1) }]]));
    const outcome = await stillroom.call('weights', 'check', at('other.safetensors'), '--offline', '--json');
    expect(outcome.code).toBe(1);
    expect(json(outcome)).toMatchObject({ error: { code: 'weights-wrong-architecture', file: at('other.safetensors') } });
    const named = await stillroom.call('weights', 'check', starter, '--arch', 'efficientnet-b0', '--offline', '--json');
    expect(json(named)).toMatchObject({ error: { code: 'weights-wrong-shape', hint: 'name weights of this very architecture' } });
  });
});

describe('stillroom weights check, given what it cannot use,', () => {
  it.each([
    ['a name that nobody knows', ['resnet18.imagnet'], 'unknown-weights', 'found "resnet18.imagnet" (name one of resnet18.starter, '],
    ['a path where nothing is', [at('nope.pth')], 'file-not-found', `${at('nope.pth')}: expected a file of weights, found nothing there`],
    ['an architecture that nobody knows', ['resnet18.starter', '--arch', 'vgg'], 'unknown-architecture', 'found "vgg"'],
    ['weights of another architecture', ['resnet18.starter', '--arch', 'efficientnet-b0'], 'unknown-weights', 'found "resnet18.starter" of resnet18'],
    ['weights that are not here, offline', ['resnet18.torchvision', '--offline'], 'weights-offline', 'put resnet18-f37072fd.pth (44.7 MB, SHA-256 f37072fd…) from https://download.pytorch.org/models/resnet18-f37072fd.pth into '],
  ])('%s, says so in one line', async (_, args, code, line) => {
    const outcome = await stillroom.call('weights', 'check', ...args, '--json');
    expect(outcome.code).toBe(1);
    expect(json(outcome)).toMatchObject({ error: { code } });
    expect(problems(outcome)).toEqual([expect.stringContaining(line)]);
  });

  it('a sheet that is no PNG, calls that wrong usage', async () => {
    const outcome = await stillroom.call('weights', 'check', 'resnet18.starter', '--sheet', 'filters.jpg');
    expect(outcome.code).toBe(2);
    expect(outcome.err).toContain('expected a name that ends in .png');
  });
});
