import { mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { cookieNameOf, cookieValueOf } from '../../../server/api/guard.ts';
import type { Served } from '../../../server/api/serve.ts';
import { serveTrial } from '../../support/served.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('the pages of the editor', () => {
  const home = mkdtempSync(join(temporaryFolder(), 'home-'));
  let served: Served;
  const get = (path: string, headers: Record<string, string> = { cookie: `${cookieNameOf(served.token!)}=${cookieValueOf(served.token!)}` }): Promise<Response> => fetch(`${served.address}${path}`, { headers });

  beforeAll(async () => {
    vi.stubEnv('STILLROOM_CACHE', join(home, 'cache'));
    served = await serveTrial({ home, editor: true });
  });
  afterAll(async () => {
    await served.close();
    vi.unstubAllEnvs();
  });

  it('say that they are being built until they are, and then are there at every address of theirs', async () => {
    const first = await get('/');
    expect(first.headers.get('refresh')).toBe('1');
    expect(await first.text()).toContain('being built');
    await vi.waitFor(async () => expect(await (await get('/')).text()).toContain('id="app"'), { timeout: 60_000, interval: 200 });
    const page = await (await get('/graphs/00000000-0000-0000-0000-000000000000')).text();
    const [script] = /\/assets\/[\w-]+\.js/.exec(page)!;
    const asset = await get(script);
    expect(asset.headers.get('content-type')).toMatch(/javascript/);
    expect(asset.headers.get('cache-control')).toMatch(/immutable/);
    expect(readdirSync(join(home, 'cache', 'client'))).toHaveLength(1);
  });

  it('come compressed to who takes that, under their own type', async () => {
    const [script] = /\/assets\/[\w-]+\.js/.exec(await (await get('/')).text())!;
    const cookie = `${cookieNameOf(served.token!)}=${cookieValueOf(served.token!)}`;
    // fetch of Node unpacks what it gets.
    const [plain, gzip, brotli] = await Promise.all(['identity', 'gzip', 'gzip, deflate, br'].map((encoding) => get(script, { cookie, 'accept-encoding': encoding })));
    expect([plain, gzip, brotli].map((one) => one!.headers.get('content-encoding'))).toEqual([null, 'gzip', 'br']);
    for (const one of [gzip!, brotli!]) {
      expect(one.headers.get('content-type')).toBe(plain!.headers.get('content-type'));
      expect(one.headers.get('vary')).toMatch(/accept-encoding/i);
      expect(one.headers.get('cache-control')).toMatch(/immutable/);
      expect(Number(one.headers.get('content-length'))).toBeLessThan(Number(plain!.headers.get('content-length')) / 2);
    }
    const texts = await Promise.all([plain, gzip, brotli].map((one) => one!.text()));
    expect(new Set(texts).size).toBe(1);
  });

  it('are shown to nobody without the token, and give nothing but themselves', async () => {
    expect((await get('/', {})).status).toBe(401);
    for (const path of ['/assets/..%2f..%2f..%2fserver%2ftoken', '/assets/nothing.js', '/server/token', '/graphs/a/b']) expect((await get(path)).status, path).toBe(404);
  });

  it('may run no script but their own', async () => {
    const policy = (await get('/')).headers.get('content-security-policy')!;
    expect(policy).toMatch(/script-src 'self'/);
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  });
});
