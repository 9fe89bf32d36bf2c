import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Served } from '../../server/api/serve.ts';
import { engineNeed } from '../support/eager-node.ts';
import { describeWith, needs } from '../support/needs.ts';
import { serveTrial } from '../support/served.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { writeCategory } from '../server/runs/trial-data.ts';
import { distilGraph } from '../server/runtime/trial-graphs.ts';

const text = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8');
const commands = [...text.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block]) => block).join('\n');

describeWith([engineNeed(), needs.program('curl')], 'docs/api.md', () => {
  const home = mkdtempSync(join(temporaryFolder(), 'home-'));
  const data = join(home, 'data');
  let served: Served;

  beforeAll(async () => {
    vi.stubEnv('STILLROOM_HOME', home);
    vi.stubEnv('STILLROOM_CACHE', process.env['STILLROOM_CACHE'] ?? join(process.env['HOME'] ?? '', '.cache', 'stillroom'));
    await writeCategory(join(data, 'bottle'));
    writeFileSync(join(home, 'graph.json'), JSON.stringify(distilGraph()));
    served = await serveTrial({ home, dataRoots: [data] });
  });
  afterAll(async () => {
    await served.close();
    vi.unstubAllEnvs();
  });

  it('has commands that do what they say, one after the other', async () => {
    const env = { ...process.env, STILLROOM_ADDRESS: served.address, STILLROOM_TOKEN: served.token!, GRAPH: join(home, 'graph.json'), DATA: data };
    const shell = spawn('bash', ['-euo', 'pipefail', '-c', commands], { env, cwd: home });
    let told = '';
    shell.stdout.on('data', (part: Buffer) => (told += part.toString()));
    shell.stderr.on('data', (part: Buffer) => (told += part.toString()));
    const status = await new Promise((resolve) => shell.once('close', resolve));
    expect(told).toContain('"status":"ok"');
    expect(status, told).toBe(0);
    expect(told).toMatch(/"seq":1,.*"state":"queued"/);
    expect(told).toMatch(/"detection":/);
    expect(told).toMatch(/\|.*image AUROC.*\|/i);
    expect(JSON.parse(readFileSync(join(home, 'category.json'), 'utf8'))).toMatchObject({ scores: expect.any(Array) as unknown[] });
    expect(readFileSync(join(home, 'report.html'), 'utf8')).toContain('<h1');
  });

  it('names every topic and event that there is', () => {
    const events = readFileSync(new URL('../../server/runtime/events.ts', import.meta.url), 'utf8');
    for (const [, type] of events.matchAll(/type: '(\w+)'/g)) expect(text, type).toContain(`\`${type}\``);
  });
});
