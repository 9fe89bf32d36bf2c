import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createRandom } from '../../../plugins/sdk/random.ts';
import type { StillroomError } from '../../../plugins/sdk/index.ts';
import { loadEngine, type Engine } from '../../../server/engine/load.ts';
import type { Manifest } from '../../../server/runs/manifest.ts';
import { run, type RunRequest } from '../../../server/runs/run.ts';
import type { RunEvent } from '../../../server/runtime/events.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { faultyDisk, type DiskFault } from '../../support/faulty-disk.ts';
import { describeWith } from '../../support/needs.ts';
import { mountNeed, smallDisk, type SmallDisk } from '../../support/small-disk.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { resultFiles } from './result-files.ts';
import { writeCategory } from './trial-data.ts';
import { trialRequest } from './trial-request.ts';

/** How many steps of the disk are tried for each fault; `npm run test:kills` tries them all. */
const points = Number(process.env['STILLROOM_FAULT_POINTS'] ?? 3);
const seed = Number(process.env['STILLROOM_FAULT_SEED'] ?? Date.now() % 1_000_000);

const root = temporaryFolder();
const data = join(root, 'bottle');

describeWith(engineNeed(), 'a run on a disk that fails', () => {
  let engine: Engine;
  let undisturbed: Record<string, string>;
  let steps = 0;

  beforeAll(async () => {
    engine = await loadEngine();
    vi.stubEnv('STILLROOM_HOME', join(root, 'home'));
    vi.stubEnv('STILLROOM_CACHE', join(root, 'cache'));
    await writeCategory(data);
    const out = join(root, 'undisturbed');
    const disk = faultyDisk(out, 0, 'full');
    await start(out);
    disk.mend();
    steps = disk.steps;
    undisturbed = resultFiles(out);
  });
  afterAll(() => vi.unstubAllEnvs());

  async function start(out: string, given: Partial<RunRequest> = {}): Promise<RunEvent[]> {
    const events: RunEvent[] = [];
    await run(trialRequest(async () => engine, { data, out, ...given, emit: (event) => events.push(event) }));
    return events;
  }

  /** What goes wrong; undefined where nothing does. */
  const failureOf = (work: Promise<unknown>): Promise<unknown> => work.then(() => undefined, (error: unknown) => error);

  const lastEpochs = (events: readonly RunEvent[], type: 'epoch' | 'resumed'): Map<string, number> =>
    new Map(events.flatMap((event) => (event.type === type ? [[event.fit, event.epoch] as const] : [])));

  /** One point in each of as many equal parts of the run; all of them where there are no more. */
  function somePoints(fault: DiskFault): number[] {
    const { uniform } = createRandom('fault', fault, seed);
    const count = Math.min(points, steps);
    return Array.from({ length: count }, (_, i) => 1 + Math.floor((steps * (i + (count < steps ? uniform() : 0))) / count));
  }

  it.each<DiskFault>(['full', 'killed'])(`%s at any step goes on with room and ends with the same result (seed ${seed})`, async (fault) => {
    expect(steps).toBeGreaterThan(100);
    for (const nth of somePoints(fault)) {
      const out = join(root, `${fault}-${nth}`);
      const disk = faultyDisk(out, nth, fault);
      const told: RunEvent[] = [];
      const request = trialRequest(async () => engine, { data, out, emit: (event) => told.push(event) });
      const failure = await failureOf(run(request)).finally(() => disk.mend());
      const place = `step ${nth} of ${steps}`;
      if (fault === 'killed') expect(failure, place).toBeInstanceOf(Error);
      else if (failure) expect(failure, place).toMatchObject({ code: 'disk-full', hint: expect.stringContaining('free some space there') });

      const events = await start(out);
      expect(resultFiles(out), place).toEqual(undisturbed);
      // When an epoch is told, the one before it is on the disk.
      const resumed = lastEpochs(events, 'resumed');
      for (const [fit, epoch] of lastEpochs(told, 'epoch')) expect(resumed.get(fit) ?? 0, place).toBeGreaterThanOrEqual(epoch - 1);
      expect(events.filter(({ type }) => type === 'warning'), place).toEqual([]);
    }
  }, 1_800_000);

  describeWith(mountNeed(), 'of its own', () => {
    let disk: SmallDisk;
    beforeAll(() => void (disk = smallDisk(16)));
    const manifestOf = (out: string): Manifest => JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as Manifest;

    it('being full says what room it lacks, keeps what is whole, and goes on with room to the same result', async () => {
      const out = join(disk.path, 'run');
      const failures: StillroomError[] = [];
      for (const kilobytes of [16, 24, 32, 40, 64, 96, 128]) {
        disk.resize(kilobytes);
        const failure = await failureOf(start(out));
        if (failure) failures.push(failure as StillroomError);
        if (failure && existsSync(join(out, 'manifest.json'))) expect(['failed', 'running']).toContain(manifestOf(out).status);
      }
      expect(failures.length).toBeGreaterThan(2);
      for (const failure of failures) {
        expect(failure).toMatchObject({
          code: 'disk-full',
          message: expect.stringMatching(/^expected (.* of )?room for this file, found the disk full \(.* free\)$/),
          place: { file: expect.stringContaining(out) },
        });
      }
      disk.resize(4096);
      await start(out);
      expect(manifestOf(out)).toMatchObject({ status: 'done', problem: null });
      expect(resultFiles(out)).toEqual(undisturbed);
    });

    it('being read-only says so, and leaves all as it is', async () => {
      const out = join(disk.path, 'run');
      const before = resultFiles(out);
      disk.setReadOnly(true);
      for (const folder of [out, join(disk.path, 'new')]) {
        expect(await failureOf(start(folder))).toMatchObject({ code: 'cannot-write', hint: 'choose a folder that is not read-only' });
      }
      disk.setReadOnly(false);
      expect(resultFiles(out)).toEqual(before);
      expect(manifestOf(out).status).toBe('done');
      await start(out);
    });

    it('for what is kept of programs costs nothing; for features it says what else can be done', async () => {
      disk.setReadOnly(true);
      vi.stubEnv('STILLROOM_CACHE', join(disk.path, 'cache'));
      const out = join(root, 'no-cache');
      const scratch = join(disk.path, 'cache', 'scratch');
      expect(await failureOf(start(out, { featureBudget: 0 }))).toMatchObject({
        code: 'cannot-write',
        place: { file: scratch },
        hint: 'set STILLROOM_CACHE to a folder on another disk, or run with --no-feature-cache',
      });
      await start(out);
      vi.stubEnv('STILLROOM_CACHE', join(root, 'cache'));
      disk.setReadOnly(false);
      expect(resultFiles(out)).toEqual(undisturbed);
    });
  });
});
