import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Served } from '../../server/api/serve.ts';
import { engineNeed } from '../support/eager-node.ts';
import { describeWith, needs } from '../support/needs.ts';
import { serveTrial } from '../support/served.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { writeCategory } from '../server/runs/trial-data.ts';
import { distilGraph } from '../server/runtime/trial-graphs.ts';

const example = (name: string): string => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));

describe('examples', () => {
  const home = mkdtempSync(join(temporaryFolder(), 'home-'));
  const data = join(home, 'data');
  const graph = join(home, 'graph.json');
  let served: Served;

  /** Run as a person does it. */
  function run(command: string, args: string[], extra: Record<string, string> = {}): Promise<{ status: number; out: string; err: string }> {
    const env = { ...process.env, STILLROOM_ADDRESS: served.address, STILLROOM_TOKEN: served.token!, ...extra };
    return new Promise((resolve) => {
      execFile(command, args, { env }, (error, out, err) => resolve({ status: error ? Number(error.code) : 0, out, err }));
    });
  }

  beforeAll(async () => {
    vi.stubEnv('STILLROOM_HOME', home);
    vi.stubEnv('STILLROOM_CACHE', process.env['STILLROOM_CACHE'] ?? join(process.env['HOME'] ?? '', '.cache', 'stillroom'));
    await writeCategory(join(data, 'bottle'));
    writeFileSync(graph, JSON.stringify(distilGraph()));
    served = await serveTrial({ home, dataRoots: [data] });
  });
  afterAll(async () => {
    await served.close();
    vi.unstubAllEnvs();
  });

  describeWith([engineNeed(), needs.python()], 'in Python', () => {
    it('drives a run to its end, tells its losses and metrics, and scores an image with it', async () => {
      const { status, out, err } = await run('python3', [example('drive_a_run.py'), '--data', data, '--graph', graph, '--epochs', '2', '--predict', join(data, 'bottle', 'test', 'good', '000.png')]);
      expect(err).toBe('');
      expect(status).toBe(0);
      expect(out).toMatch(/^run 20.*\nqueued\nrunning\n(bottle, fit\d: epoch \d, validation loss [\d.]+\n){4}done\nbottle imageAuroc 0\.\d{4}, pixelAuroc 0\.\d{4}, aupro 0\.\d{4}\n/);
      expect(JSON.parse(out.slice(out.indexOf('\n{') + 1))).toMatchObject({ images: [{ scores: { detection: expect.any(Number) as number } }] });
    });

    it('says in the server’s own words what is wrong', async () => {
      const outside = await run('python3', [example('drive_a_run.py'), '--data', '/usr', '--graph', graph]);
      expect(outside).toMatchObject({ status: 1, err: expect.stringMatching(/^outside-roots: expected .*--data-root/) as string });
      expect(await run('python3', [example('drive_a_run.py'), '--data', data], { STILLROOM_TOKEN: 'guess' })).toMatchObject({ status: 1, err: expect.stringMatching(/^no-token: /) as string });
    });
  });

  describeWith([engineNeed(), needs.program('curl')], 'in shell', () => {
    it('drives a run to its end and tells its metrics', async () => {
      const { status, out, err } = await run('bash', [example('drive-a-run.sh'), data, '2'], { GRAPH: graph });
      expect(err).toBe('');
      expect(status).toBe(0);
      expect(out).toMatch(/^run 20/);
      expect(out).toMatch(/\ndone\nbottle: image AUROC 0\.\d+, pixel AUROC 0\.\d+, AUPRO 0\.\d+\n$/);
    });

    it('says in the server’s own words what is wrong', async () => {
      expect(await run('bash', [example('drive-a-run.sh'), '/usr'], { GRAPH: graph })).toMatchObject({ status: 1, err: expect.stringMatching(/^outside-roots: /) as string });
    });
  });
});
