import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { recordRun } from '../runs/recorded-run.ts';
import { Caller, type Answered } from './caller.ts';

const home = mkdtempSync(join(temporaryFolder(), 'home-'));
let caller: Caller;

beforeAll(async () => {
  for (const seed of [1, 2]) await recordRun(join(home, 'runs', `seed-${seed}`), { manifest: { seed }, own: { imageAuroc: 0.6 + seed / 10 } });
  await recordRun(join(home, 'runs', 'unfinished'), { manifest: { status: 'failed' } });
  caller = await Caller.start(home);
});
afterAll(() => caller.served.close());

const compare = (runs: readonly string[], { format = '', accept = '*/*' } = {}): Promise<Answered> => caller.call('POST', `/compare${format && `?format=${format}`}`, { runs }, { accept });

describe('runs compared over the API', () => {
  it('give figures by category, and mean and spread over seeds', async () => {
    const { status, body } = await compare(['seed-1', 'seed-2']);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      runs: [1, 2].map((seed) => ({ id: `seed-${seed}`, seed, cautions: ['starter weights: results are not comparable with the paper'] })),
      rows: [
        { category: 'plates', run: 'seed-1', seeds: [1], figures: { imageAuroc: 0.7, aupro: null }, spread: { imageAuroc: null } },
        { category: 'plates', run: 'seed-2', seeds: [2], figures: { imageAuroc: 0.8 } },
        { category: 'plates', run: null, seeds: [1, 2], figures: { imageAuroc: expect.closeTo(0.75, 12) as number }, spread: { imageAuroc: expect.closeTo(Math.SQRT1_2 * 0.1, 12) as number } },
      ],
      differences: [{ of: 'settings', what: 'seed', values: ['1', '2'] }],
      warnings: [],
    });
    expect(JSON.stringify(body)).not.toContain(home);
  });

  it.each([
    ['csv', 'text/csv', /^category,run,graph,data,seeds,imageAuroc,imageAurocDeviation,/],
    ['markdown', 'text/markdown', /^\| category \| run \|/],
    ['latex', 'application/x-tex', /\\begin\{tabular\}/],
  ])('come as %s, asked for by format or by Accept', async (format, media, text) => {
    for (const how of [{ format }, { accept: `${media}, application/json;q=0.1` }]) {
      const { status, headers, bytes } = await compare(['seed-1', 'seed-2'], how);
      expect([status, headers['content-type'], headers['content-disposition']]).toEqual([200, expect.stringContaining(media), expect.stringMatching(/^attachment; filename="comparison\.\w+"$/)]);
      expect(bytes.toString()).toMatch(text);
    }
  });

  it('are refused where one is not there or not finished, and in formats that there are not', async () => {
    expect(await compare(['seed-1', 'none'])).toMatchObject({ status: 404, body: { code: 'no-run' } });
    expect(await compare(['seed-1', 'unfinished'])).toMatchObject({ status: 409, body: { code: 'run-unfinished' } });
    for (const id of ['..', '../runs/seed-1', '/etc', '.hidden', 'seed-1/categories', '']) expect(await compare([id]), id).toMatchObject({ status: 404, body: { code: 'no-run' } });
    expect(await compare([])).toMatchObject({ status: 400 });
    expect(await compare(['seed-1'], { format: 'xls' })).toMatchObject({ status: 400, body: { field: 'query › format' } });
    expect(await compare(['seed-1'], { accept: 'image/png' })).toMatchObject({ status: 406, body: { code: 'not-acceptable' } });
  });
});
