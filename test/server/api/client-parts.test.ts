import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Served } from '../../../server/api/serve.ts';
import { installFixtures } from '../../support/plugins.ts';
import { ask, serveTrial } from '../../support/served.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const home = mkdtempSync(join(temporaryFolder(), 'home-'));
let served: Served;
const module = (name: string): Promise<Response> => fetch(`${served.address}/api/client-parts/module?name=${encodeURIComponent(name)}`, { headers: { authorization: `Bearer ${served.token}` } });

beforeAll(async () => {
  installFixtures(home, 'looks');
  served = await serveTrial({ home });
});
afterAll(() => served.close());

describe('viewers and controls of plugins', () => {
  it('are listed with what they are for', async () => {
    const { body } = await ask(served, 'GET', '/client-parts');
    expect((body as { parts: object[] }).parts).toEqual(
      expect.arrayContaining([
        { kind: 'viewer', name: 'looks/mean', title: 'Mean of all values', plugin: 'looks', for: ['images'] },
        { kind: 'control', name: 'looks/steps', title: 'Steps', plugin: 'looks', for: [] },
      ]),
    );
  });

  it('are read as they lie in the package', async () => {
    const response = await module('looks/mean');
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
    expect(await response.text()).toContain('export default function mount');
  });

  it('are not read where there are none, or through a link that leads out of the package', async () => {
    expect(await (await module('looks/nothing')).json()).toMatchObject({ code: 'no-client-part', status: 404 });
    expect(await (await module('looks/absent')).json()).toMatchObject({ code: 'plugin-entry-missing', title: expect.stringContaining('found no such file') as string });
    const outside = join(home, 'secret.js');
    writeFileSync(outside, 'secret');
    const file = join(home, 'plugins/node_modules/looks/client/absent.js');
    symlinkSync(outside, file);
    expect(await (await module('looks/absent')).json()).toMatchObject({ code: 'plugin-entry-missing', title: expect.stringContaining('a link that leads out of the package') as string });
    rmSync(file);
  });

  it('are none of a plugin that is switched off', async () => {
    await ask(served, 'PATCH', '/plugins/looks', { enabled: false });
    expect((await ask(served, 'GET', '/client-parts')).body).toEqual({ parts: [] });
    expect((await module('looks/mean')).status).toBe(404);
    await ask(served, 'PATCH', '/plugins/looks', { enabled: true });
  });
});

describe('the page of their frames', () => {
  const frame = (host: string): Promise<{ status: number; policy: string }> =>
    new Promise((resolve, reject) => {
      const { port } = new URL(served.address);
      get({ host: '127.0.0.1', port, path: '/plugin-frame', headers: { host: `${host}:${port}` } }, (response) => {
        response.resume();
        resolve({ status: response.statusCode!, policy: String(response.headers['content-security-policy']) });
      }).on('error', reject);
    });

  it('is given under names below localhost, without a token, in a sandbox without network', async () => {
    const { status, policy } = await frame('frame-1.localhost');
    expect(status).toBe(200);
    expect(policy).toContain('sandbox allow-scripts;');
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/allow-same-origin|connect-src|unsafe-eval/);
  });

  it('is the only thing that those names give', async () => {
    const { port } = new URL(served.address);
    const status = await new Promise((resolve) => get({ host: '127.0.0.1', port, path: '/api/health', headers: { host: `frame-1.localhost:${port}` } }, (response) => (response.resume(), resolve(response.statusCode))));
    expect(status).toBe(403);
  });
});
