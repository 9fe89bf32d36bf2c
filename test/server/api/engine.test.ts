import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { findEngine } from '../../../server/engine/find.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { Caller } from './caller.ts';

const folder = temporaryFolder();
const real = findEngine();
let caller: Caller;

const start = async (name: string): Promise<void> => void (caller = await Caller.start(join(folder, name)));

afterEach(async () => {
  await caller.served.close();
  vi.unstubAllEnvs();
});

describe('the engine over the API', () => {
  it.skipIf(!real)('is there, with where it is and why that one', async () => {
    await start('there');
    expect(await caller.call('GET', '/engine')).toMatchObject({
      status: 200,
      body: { state: 'ready', details: { directory: real!.directory, because: real!.because } },
    });
  });

  it('is lacking, is installed when asked, and says what hinders it', async () => {
    const cache = join(folder, 'empty');
    mkdirSync(cache);
    // Nothing here may reach a network.
    const settings = { STILLROOM_CACHE: cache, STILLROOM_ENGINE: '', PIP_NO_INDEX: '1', PIP_INDEX_URL: '', TFJS_NODE_BASE_URI: 'http://127.0.0.1:1/', npm_config_tfjs_binding_binary_host_mirror: 'http://127.0.0.1:1/' };
    for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
    await start('absent');
    expect(await caller.call('GET', '/engine')).toMatchObject({ status: 200, body: { state: 'absent' } });
    expect(await caller.call('POST', '/engine/install', {})).toMatchObject({ status: 202, body: { state: 'installing' } });
    // The server answers meanwhile.
    expect(await caller.call('GET', '/health')).toMatchObject({ status: 200 });
    const body = await caller.until<{ state: string; problem?: object }>('/engine', ({ state }) => state !== 'installing');
    expect(body).toMatchObject({ state: 'failed', problem: { code: expect.stringMatching(/^engine-/) as string, severity: 'error', hint: expect.any(String) as string } });
    expect(await caller.call('POST', '/engine/install', { device: 'abacus' })).toMatchObject({ status: 400, body: { code: 'bad-request', field: 'body › device' } });
  });

  it('that was named and is none is told as that', async () => {
    vi.stubEnv('STILLROOM_ENGINE', join(folder, 'nothing'));
    await start('named');
    expect(await caller.call('GET', '/engine')).toMatchObject({ body: { state: 'failed', problem: { code: 'engine-not-there', file: join(folder, 'nothing') } } });
  });
});
