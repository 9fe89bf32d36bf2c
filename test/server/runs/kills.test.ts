import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createRandom } from '../../../plugins/sdk/random.ts';
import { loadEngine, type Engine } from '../../../server/engine/load.ts';
import type { Manifest } from '../../../server/runs/manifest.ts';
import { run } from '../../../server/runs/run.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { resultFiles } from './result-files.ts';
import { writeCategory } from './trial-data.ts';
import { trialRequest } from './trial-request.ts';

/** Kills in all; `npm run test:kills` makes more. */
const kills = Number(process.env['STILLROOM_KILLS'] ?? 6);
/** Kills of one run, one after another, before it may come to its end. */
const killsOfARun = 2;
const seed = Number(process.env['STILLROOM_KILLS_SEED'] ?? Date.now() % 1_000_000);

const root = temporaryFolder();
const data = join(root, 'bottle');
const script = fileURLToPath(new URL('run-process.ts', import.meta.url));
const environment = { STILLROOM_HOME: join(root, 'home'), STILLROOM_CACHE: join(root, 'cache') };

interface Ended {
  signal: NodeJS.Signals | null;
  /** How long it worked in its folder, ms. */
  worked: number;
}

describeWith(engineNeed(), 'a run that is killed at any moment', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await loadEngine();
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    await writeCategory(data);
  });
  afterAll(() => vi.unstubAllEnvs());

  /** A run in a process of its own, killed so long after it has taken its folder; null to let it end. */
  function runProcess(out: string, killAfter: number | null, onBegun = (): void => {}): Promise<Ended> {
    const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify({ data, out, engine: engine.library.directory, death: null })], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    let begun = Number.NaN;
    child.once('message', () => {
      begun = performance.now();
      onBegun();
      if (killAfter !== null) setTimeout(() => child.kill('SIGKILL'), killAfter);
    });
    return new Promise((resolve) => child.once('exit', (_code, signal) => resolve({ signal, worked: performance.now() - begun })));
  }

  it(`goes on and ends with the same losses, weights, scores and maps (seed ${seed})`, async () => {
    const { uniform } = createRandom('kills', seed);
    const undisturbed = join(root, 'undisturbed');
    const { worked } = await runProcess(undisturbed, null);
    const expected = resultFiles(undisturbed);
    expect(worked).toBeGreaterThan(0);
    for (let done = 0; done < kills; done += killsOfARun) {
      const out = join(root, `run-${done}`);
      const moments = Array.from({ length: killsOfARun }, () => worked * uniform());
      for (const moment of moments) await runProcess(out, moment);
      await run(trialRequest(async () => engine, { data, out }));
      const place = `killed after ${moments.map((ms) => `${ms.toFixed(1)} ms`).join(', then ')}`;
      expect(resultFiles(out), place).toEqual(expected);
      expect(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as Manifest, place).toMatchObject({ status: 'done', problem: null });
    }
  }, 1_800_000);

  it('is not disturbed by others that want its folder meanwhile: the same run, or another', async () => {
    const out = join(root, 'wanted');
    const asked: Promise<unknown>[] = [];
    const ask = (seed: number): Promise<unknown> => run(trialRequest(async () => engine, { data, out, seed })).catch((error: unknown) => error);
    await runProcess(out, null, () => void asked.push(ask(0), ask(1)));
    const [same, another] = await Promise.all(asked);
    expect(same).toMatchObject({ code: 'run-folder-busy', place: { file: out }, hint: expect.stringContaining('choose another --out, or wait for it') });
    expect(another).toMatchObject({ code: 'run-folder-taken', place: { file: out } });
    expect(resultFiles(out)).toEqual(resultFiles(join(root, 'undisturbed')));
  });
});
