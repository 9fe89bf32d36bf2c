import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../../client/api/index.ts';
import { apiTypes, writtenTypes } from '../../../server/api/client-types.ts';
import type { Served } from '../../../server/api/serve.ts';
import { serveTrial } from '../../support/served.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { distilGraph } from '../../server/runtime/trial-graphs.ts';

describe('the client of the API', () => {
  let served: Served;
  beforeAll(async () => void (served = await serveTrial({ home: mkdtempSync(join(temporaryFolder(), 'home-')) })));
  afterAll(() => served.close());

  it('asks what its types say, and gives what is answered', async () => {
    const api = createClient({ address: served.address, token: served.token! });
    const kept = await api.POST('/api/graphs', { body: { document: distilGraph(), by: 'a test' } });
    expect(kept.data).toMatchObject({ revision: 1, document: { name: 'Distil' } });
    const { id } = kept.data!;
    const { data } = await api.GET('/api/graphs/{id}/history', { params: { path: { id } } });
    expect(data!.revisions.map(({ revision, by }) => `${revision} ${by}`)).toEqual(['1 a test']);
    const runs = await api.GET('/api/runs', { params: { query: { limit: 5 } } });
    expect(runs.data).toEqual({ total: 0, runs: [] });
  });

  it('gives what went wrong as problem details', async () => {
    const { data, error, response } = await createClient({ address: served.address, token: 'guess' }).GET('/api/runs');
    expect(data).toBeUndefined();
    expect(response.status).toBe(401);
    expect(error).toMatchObject({ code: 'no-token', status: 401, hint: expect.any(String) as string });
  });

  it('has the types of the API as it is: `npm run api-types` writes them', async () => {
    expect(await writtenTypes()).toBe(await apiTypes());
  });
});
