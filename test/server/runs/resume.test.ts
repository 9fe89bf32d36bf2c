import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { isLeftover } from '../../../server/atomic-file.ts';
import { loadEngine, type Engine } from '../../../server/engine/load.ts';
import { FitCheckpoints } from '../../../server/runtime/checkpoint.ts';
import type { RunEvent } from '../../../server/runtime/events.ts';
import type { Manifest } from '../../../server/runs/manifest.ts';
import { run } from '../../../server/runs/run.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { resultFiles } from './result-files.ts';
import type { Death } from './run-process.ts';
import { writeCategory } from './trial-data.ts';
import { trialRequest } from './trial-request.ts';

const root = temporaryFolder();
const data = join(root, 'bottle');
const script = fileURLToPath(new URL('run-process.ts', import.meta.url));
const environment = { STILLROOM_HOME: join(root, 'home'), STILLROOM_CACHE: join(root, 'cache') };

describeWith(engineNeed(), 'a run that is killed', () => {
  let engine: Engine;
  let undisturbed: Record<string, string>;
  beforeAll(async () => {
    engine = await loadEngine();
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    await writeCategory(data);
    await again(join(root, 'undisturbed'));
    undisturbed = resultFiles(join(root, 'undisturbed'));
  });
  afterAll(() => vi.unstubAllEnvs());

  async function again(out: string): Promise<RunEvent[]> {
    const events: RunEvent[] = [];
    await run(trialRequest(async () => engine, { data, out, emit: (event) => events.push(event) }));
    return events;
  }

  function killed(out: string, death: Death): Promise<NodeJS.Signals | null> {
    const given = JSON.stringify({ data, out, engine: engine.library.directory, death });
    const child = spawn(process.execPath, ['--import', 'tsx', script, given], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
  }

  const leftoversIn = (out: string): string[] =>
    readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((path) => isLeftover(path.split('/').at(-1)!));

  /**
   * Each fit has three epochs of two steps. `resumed` is after how many epochs the first and the second fit go on, where
   * that does not hang on how far a checkpoint was that is written while the fit goes on.
   */
  it.each<[string, Death, { resumed?: number[]; left?: number }]>([
    ['in the middle of the second epoch', { event: 'step', nth: 3 }, {}],
    ['while a checkpoint is half written', { file: 'fit1.last.safetensors', nth: 2, when: 'half' }, { resumed: [1], left: 1 }],
    ['after the best weights of an epoch, before its checkpoint', { file: 'fit1.last.safetensors', nth: 3, when: 'whole' }, { resumed: [2], left: 1 }],
    ['while its first best weights are written', { file: 'fit2.best-1.safetensors', nth: 1, when: 'half' }, { resumed: [3], left: 1 }],
    ['during calibration', { event: 'calibrating', nth: 2 }, { resumed: [3, 3], left: 0 }],
    ['while a map is drawn', { event: 'drawing', nth: 2 }, { resumed: [3, 3], left: 0 }],
  ])('%s goes on and ends with the same losses, weights, scores and maps', async (_, death, { resumed, left }) => {
    const out = join(root, JSON.stringify(death).replaceAll(/\W/g, ''));
    expect(await killed(out, death)).toBe('SIGKILL');
    if (left !== undefined) expect(leftoversIn(out)).toHaveLength(left);
    expect(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'))).toMatchObject({ status: 'running', ended: null, resumed: [] });

    const events = await again(out);
    if (resumed) expect(events.flatMap((event) => (event.type === 'resumed' ? [event.epoch] : []))).toEqual(resumed);
    expect(leftoversIn(out)).toEqual([]);
    expect(resultFiles(out)).toEqual(undisturbed);
    expect(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as Manifest).toMatchObject({
      status: 'done',
      resumed: [expect.any(String)],
    });
  });

  it('right after an epoch loses that epoch at most, and ends all the same when it is killed once more', async () => {
    const out = join(root, 'epoch');
    const manifest = (): Manifest => JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as Manifest;
    expect(await killed(out, { event: 'epoch', nth: 2 })).toBe('SIGKILL');
    const saved = await new FitCheckpoints(join(out, 'bottle', 'checkpoints', 'fit1'), manifest().identity).load({
      withBest: true,
      warn: ({ message }) => expect.fail(message),
    });
    expect([1, 2]).toContain(saved!.progress.epoch);
    expect(await killed(out, { event: 'fitted', nth: 2 })).toBe('SIGKILL');
    await again(out);
    expect(leftoversIn(out)).toEqual([]);
    expect(resultFiles(out)).toEqual(undisturbed);
    expect(manifest().resumed).toHaveLength(2);
  });

  it('leaves nothing in the cache but emitted programs', () => {
    const { STILLROOM_CACHE: cache, STILLROOM_HOME: home } = environment;
    expect((existsSync(cache) ? readdirSync(cache) : []).filter((name) => name !== 'programs')).toEqual([]);
    expect(existsSync(home)).toBe(false);
  });
});
