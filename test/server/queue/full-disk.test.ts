import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';
import { ask, isOver, serveTrial, untilRun } from '../../support/served.ts';
import { mountNeed, smallDisk } from '../../support/small-disk.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { writeCategory } from '../runs/trial-data.ts';
import { distilGraph } from '../runtime/trial-graphs.ts';
import type { RunSummary } from '../../../server/queue/runs.ts';

describeWith([engineNeed(), mountNeed()], 'runs on a disk that fills up', () => {
  it('fail with that, refuse to be asked for, and go on once there is room', async () => {
    const disk = smallDisk(16_000);
    vi.stubEnv('STILLROOM_HOME', disk.path);
    vi.stubEnv('STILLROOM_CACHE', process.env['STILLROOM_CACHE'] ?? join(process.env['HOME'] ?? '', '.cache', 'stillroom'));
    const data = join(mkdtempSync(join(temporaryFolder(), 'data-')), 'data');
    mkdirSync(data);
    await writeCategory(join(data, 'bottle'));
    const served = await serveTrial({ home: disk.path, dataRoots: [data] });
    try {
      const submit = (epochs: number) => ask(served, 'POST', '/runs', { document: distilGraph({ fit: { epochs } }), data });
      const { id } = (await submit(4000)).body as RunSummary;
      await untilRun(served, id, ({ progress }) => (progress?.epoch ?? 0) >= 20);
      disk.fill();
      expect(await untilRun(served, id, isOver)).toMatchObject({ state: 'failed', problem: { code: 'disk-full' } });
      // What the run could not finish writing has made room.
      disk.fill();
      expect(await submit(3)).toMatchObject({ status: 507, body: { code: 'disk-full' } });
      expect(await ask(served, 'GET', '/runs')).toMatchObject({ status: 200, body: { total: 1 } });
      disk.resize(32_000);
      expect(await ask(served, 'POST', `/runs/${id}/retry`)).toMatchObject({ status: 202 });
      await untilRun(served, id, ({ state, progress }) => state === 'running' && (progress?.epoch ?? 0) >= 20);
      await ask(served, 'POST', `/runs/${id}/cancel`);
      expect(await untilRun(served, id, isOver)).toMatchObject({ state: 'cancelled' });
    } finally {
      await served.close();
      vi.unstubAllEnvs();
    }
  });
});
