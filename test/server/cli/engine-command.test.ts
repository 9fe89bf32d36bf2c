import { availableParallelism } from 'node:os';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { findEngine } from '../../../server/engine/find.ts';
import type { DeviceProof, EngineDescription } from '../../../server/engine/prove.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { hashOf, json, problems, Stillroom } from './stillroom.ts';

const folder = temporaryFolder();

describeWith(engineNeed(), 'stillroom engine', () => {
  const stillroom = new Stillroom(join(folder, 'home'));
  let engine: EngineDescription & { devices: DeviceProof[] };
  beforeAll(async () => {
    const outcome = await stillroom.run('engine', '--json');
    expect([outcome.code, outcome.err]).toEqual([0, '']);
    engine = json(outcome);
  });

  it('tells the library, the device, the threads, and why this one', () => {
    expect(engine).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/) as unknown,
      directory: findEngine()!.directory,
      source: 'named',
      because: 'STILLROOM_ENGINE names it',
      device: expect.stringMatching(/^[cg]pu$/) as unknown,
      threads: Number(process.env['TF_NUM_INTRAOP_THREADS']) || availableParallelism(),
      node: process.version,
    });
  });

  it('proves each device by a matrix product of known values', () => {
    expect(engine.devices[0]).toMatchObject({ device: 'CPU:0', size: 256 });
    for (const { error, milliseconds, gigaflops } of engine.devices) {
      expect(error).toBeLessThan(1e-4);
      expect(gigaflops).toBeCloseTo((2 * 256 ** 3) / (milliseconds * 1e6), 6);
    }
  });

  it('tells a person the same in a few lines, and how many threads were asked for', async () => {
    const twoThreads = new Stillroom(join(folder, 'home'), { TF_NUM_INTRAOP_THREADS: '3' });
    const { code, out, err } = await twoThreads.run('engine');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(new RegExp(`^TensorFlow ${engine.version}$`, 'm'));
    expect(out).toMatch(/^ {2}in use because +STILLROOM_ENGINE names it$/m);
    expect(out).toMatch(/^ {2}threads +3$/m);
    expect(out).toMatch(/^ {2}CPU:0 +computes: 256×256 matrix product in [\d.]+ ms/m);
  });

  it('writes nothing', () => {
    expect(hashOf(stillroom.home)).toBe('nothing');
  });
});

describe('stillroom engine where there is none', () => {
  const home = join(folder, 'bare');

  it('says how to get one', async () => {
    const outcome = await new Stillroom(home, { STILLROOM_ENGINE: '' }).call('engine', '--json');
    expect(outcome.code).toBe(1);
    expect(json(outcome)).toMatchObject({ error: { code: 'engine-missing', hint: 'run `stillroom engine install`' } });
    expect(problems(outcome)).toHaveLength(1);
  });

  it.each([['engine'], ['engine', 'install']])('blames the variable that names a directory without one: %s %s', async (...command) => {
    const empty = join(folder, 'empty');
    mkdirSync(empty, { recursive: true });
    const words = command.filter((word) => typeof word === 'string');
    const outcome = await new Stillroom(home, { STILLROOM_ENGINE: empty }).call(...words, '--json');
    expect(outcome.code).toBe(1);
    expect(json(outcome)).toMatchObject({
      error: { code: 'engine-not-there', file: empty, hint: 'unset STILLROOM_ENGINE, or let it name an engine' },
    });
    expect(hashOf(home)).toBe('nothing');
  });

  it('install --from a directory that holds nothing of use says so and chooses nothing', async () => {
    const empty = join(folder, 'empty');
    const bare = new Stillroom(home, { STILLROOM_ENGINE: '' });
    const outcome = await bare.call('engine', 'install', '--from', empty, '--json');
    expect(outcome.code).toBe(1);
    expect(json(outcome)).toMatchObject({ error: { code: 'engine-not-there', file: empty } });
    expect(json(await bare.call('engine', '--json'))).toMatchObject({ error: { code: 'engine-missing' } });
  });
});
