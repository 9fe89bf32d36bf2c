import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { resnet18 } from '../../../plugins/teachers/resnet18.ts';
import { weightsCommand } from '../../../server/cli/weights-command.ts';
import { writeSafetensors } from '../../../server/weights/safetensors.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
const home = join(folder, 'home');
let out = '';
let err = '';

beforeEach(() => {
  rmSync(home, { recursive: true, force: true });
  vi.stubEnv('STILLROOM_HOME', home);
  vi.stubEnv('STILLROOM_CACHE', '');
  [out, err] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.exitCode = 0;
});

const run = async (...args: string[]): Promise<void> => {
  await weightsCommand().parseAsync(args, { from: 'user' });
};

describe('stillroom weights list', () => {
  it('names all weights by architecture, with licences and cautions', async () => {
    await run('list');
    for (const name of ['resnet18.torchvision', 'efficientnet-b0.timm-ra', 'efficientnet-lite0.imagenet']) {
      expect(out).toContain(name);
    }
    expect(out).toMatch(/resnet18\.torchvision\s+.*fetched on use\s+BSD-3-Clause/);
    expect(out).toContain('caution: resnet18.starter: starter weights: results are not comparable with the paper');
  });

  it('writes one JSON document for machines, with one default an architecture', async () => {
    await run('list', '--json');
    const entries = JSON.parse(out) as { architecture: string; default: boolean; present: boolean; sha256?: string }[];
    for (const architecture of ['resnet18', 'efficientnet-b0', 'efficientnet-lite0']) {
      expect(entries.filter((entry) => entry.architecture === architecture && entry.default)).toHaveLength(1);
    }
    expect(entries.find((entry) => entry.architecture === 'efficientnet-lite0')).toMatchObject({
      name: 'efficientnet-lite0.imagenet',
      present: false,
      normalisation: { mean: [0.498, 0.498, 0.498], deviation: [0.502, 0.502, 0.502] },
    });
  });
});

describe('stillroom weights add', () => {
  const file = join(folder, 'mine.safetensors');

  it('finds out what the file holds, and lists it from then on', async () => {
    const specs = resnet18.teacher.weights!(
      { images: { type: 'images', shape: [224, 224, 3] } },
      { stages: ['layer1'], weights: '' },
    );
    await writeSafetensors(
      file,
      new Map(specs.map(({ name, shape }) => [name, { shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) }])),
    );
    await run('add', 'resnet18.mine', '--file', file);
    expect(out).toContain('stillroom run GRAPH --weights resnet18=resnet18.mine');
    expect(err).toContain('expected the whole network, found none of 75 tensors: "layer2.0.conv1.weight"');
    out = '';
    await run('list', '--json');
    expect(JSON.parse(out)).toContainEqual(
      expect.objectContaining({ name: 'resnet18.mine', architecture: 'resnet18', present: true, default: false }),
    );
  });

  it('says in one line what is wrong with a file, and exits with 1', async () => {
    const wrong = join(folder, 'wrong.pth');
    copyFileSync(import.meta.filename, wrong);
    await run('add', 'mine', '--file', wrong, '--json');
    expect(process.exitCode).toBe(1);
    expect(err).toBe(
      `error: ${wrong}: expected a file of safetensors, PyTorch or NumPy, found something else (name a .safetensors, .pth, .pt or .npz file, or a folder of .npy files)\n`,
    );
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'weights-unknown-format', file: wrong } });
  });
});
