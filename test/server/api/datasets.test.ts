import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { splitTrain } from '../../../server/data/split.ts';
import { claiming, encoded, picture, writeFolder } from '../data/pictures.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { Caller, type Answered } from './caller.ts';

const folder = temporaryFolder();
const [home, shared, secret] = ['home', 'shared', 'secret'].map((name) => join(folder, name)) as [string, string, string];
const set = join(shared, 'bottle');
let caller: Caller;

interface Image {
  id: string;
  path: string;
  split: string;
  mask: boolean;
}
interface Registered {
  id: string;
  path: string;
}

const id = (answer: Answered): string => (answer.body as Registered).id;
const register = async (path: string): Promise<string> => id(await caller.call('POST', '/datasets', { path }));
const over = ({ state }: { state: string }): boolean => !['waiting', 'scanning', 'drawing'].includes(state);
const scanned = async (dataset: string, body = {}): Promise<{ state: string; problem?: unknown }> => {
  expect(await caller.call('POST', `/datasets/${dataset}/scan`, body)).toMatchObject({ status: 202 });
  return (await caller.until<{ scan: { state: string } }>(`/datasets/${dataset}`, ({ scan }) => over(scan))).scan;
};
const images = async (dataset: string, query = ''): Promise<Image[]> => (await caller.call('GET', `/datasets/${dataset}/images${query}`)).body['images'] as Image[];

beforeAll(async () => {
  vi.stubEnv('STILLROOM_CACHE', join(folder, 'cache'));
  mkdirSync(secret, { recursive: true });
  const train = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`train/good/${i}.png`, picture(100 + i, 40, 60)]));
  await writeFolder(set, { ...train, 'test/good/0.png': picture(90, 40, 60), 'test/broken/0.png': picture(10, 40, 60), 'ground_truth/broken/0_mask.png': picture(1, 40, 60) });
  await writeFolder(join(secret, 'set'), { 'a.png': picture(1), 'b.png': picture(2) });
  caller = await Caller.start(home, { dataRoots: [shared], uploadLimits: { files: 20, bytesPerFile: 200_000, bytes: 500_000_000 } });
});
afterAll(async () => {
  await caller.served.close();
  vi.unstubAllEnvs();
});

describe('datasets over the API', () => {
  it('are registered, listed, renamed and forgotten; files stay', async () => {
    const copy = join(shared, 'copy');
    cpSync(set, copy, { recursive: true });
    const made = await caller.call('POST', '/datasets', { path: copy, name: 'Copy' });
    expect(made).toMatchObject({ status: 201, body: { name: 'Copy', path: await realpath(copy) } });
    expect(id(await caller.call('POST', '/datasets', { path: join(copy, '..', 'copy') }))).toBe(id(made));
    expect(await caller.call('PATCH', `/datasets/${id(made)}`, { name: 'Other' })).toMatchObject({ status: 200, body: { name: 'Other' } });
    const list = await caller.call('GET', '/datasets?limit=1');
    expect(list).toMatchObject({ status: 200, body: { total: expect.any(Number) as number, datasets: [{ scan: { state: 'none' } }], setAside: [] } });
    expect(list.headers['cache-control']).toBe('private, no-cache');
    expect(await caller.call('GET', '/datasets?limit=1', undefined, { 'if-none-match': list.headers['etag'] as string })).toMatchObject({ status: 304 });
    expect(await caller.call('DELETE', `/datasets/${id(made)}`)).toMatchObject({ status: 204 });
    expect(await caller.call('GET', `/datasets/${id(made)}`)).toMatchObject({ status: 404, body: { code: 'no-dataset-registered' } });
    expect(existsSync(join(copy, 'train'))).toBe(true);
  });

  it('are scanned: counts, sizes, defects, problems, and the hash of a manifest', async () => {
    const dataset = await register(set);
    expect(await caller.call('GET', `/datasets/${dataset}/scan`)).toMatchObject({ status: 409, body: { code: 'not-scanned' } });
    expect(await scanned(dataset)).toEqual({ state: 'done', images: 12 });
    expect((await caller.call('GET', '/datasets')).body).toMatchObject({ datasets: expect.arrayContaining([expect.objectContaining({ id: dataset, scan: { state: 'done', images: 12 } })]) as unknown });
    const { body } = await caller.call('GET', `/datasets/${dataset}/scan`);
    expect(body).toMatchObject({
      layout: 'mvtec',
      images: 12,
      categories: [{ name: 'bottle', train: 10, good: 1, defective: 1, masks: 1, sizes: { distinct: 1, median: { width: 60, height: 40 } }, formats: { png: 12 }, defects: { broken: { images: 1, coverage: { median: 1 } } } }],
      totalProblems: 0,
    });
    const paths = [...Array.from({ length: 10 }, (_, i) => `train/good/${i}.png`), 'test/good/0.png', 'test/broken/0.png', 'ground_truth/broken/0_mask.png'].sort();
    const lines = paths.map((path) => `${createHash('sha256').update(readFileSync(join(set, path))).digest('hex')}  ${path}\n`);
    expect((body as { sha256: string }).sha256).toBe(createHash('sha256').update(lines.join('')).digest('hex'));
  });

  it('are not scanned again where no file has changed, unless that is asked for', async () => {
    const dataset = await register(set);
    await scanned(dataset);
    const at = async (): Promise<string> => (await caller.call('GET', `/datasets/${dataset}/scan`)).body['at'];
    const first = await at();
    await scanned(dataset);
    expect(await at()).toBe(first);
    await scanned(dataset, { again: true });
    expect(await at()).not.toBe(first);
    const again = await at();
    utimesSync(join(set, 'train/good/0.png'), 1, 1);
    await scanned(dataset);
    expect(await at()).not.toBe(again);
  });

  it('give their images in the splits of a run, filtered, page by page', async () => {
    const dataset = await register(set);
    await scanned(dataset);
    const expected = splitTrain(Array.from({ length: 10 }, (_, i) => ({ path: `train/good/${i}.png` })), 0.3, 7);
    expect((await images(dataset, '?seed=7&split=validation')).map(({ path }) => path)).toEqual(expected.validation.map(({ path }) => path));
    expect((await images(dataset, '?seed=7&split=train')).map(({ path }) => path)).toEqual(expected.train.map(({ path }) => path));
    expect(await images(dataset, '?defect=broken')).toMatchObject([{ path: 'test/broken/0.png', mask: true, split: 'test', anomalous: true, width: 60, height: 40 }]);
    const folds = await Promise.all(Array.from({ length: 5 }, (_, fold) => images(dataset, `?by=fold&fold=${fold}&split=validation`)));
    expect(folds.flat().map(({ path }) => path).sort()).toEqual(Array.from({ length: 10 }, (_, i) => `train/good/${i}.png`));
    const page = await caller.call('GET', `/datasets/${dataset}/images?offset=2&limit=3`);
    expect(page).toMatchObject({ body: { total: 12 } });
    expect((page.body['images'] as Image[]).map((one) => one.id)).toEqual((await images(dataset)).slice(2, 5).map((one) => one.id));
    expect(await caller.call('GET', `/datasets/${dataset}/images?by=fold&fold=9`)).toMatchObject({ status: 400, body: { field: 'query › fold' } });
    expect(await images(dataset, '?category=nothing')).toEqual([]);
  });

  it('show images and masks at a width, and know a picture that a browser has', async () => {
    const dataset = await register(set);
    await scanned(dataset);
    const [broken] = await images(dataset, '?defect=broken');
    const at = `/datasets/${dataset}/images/${broken!.id}`;
    for (const format of ['webp', 'png', 'jpeg']) {
      const shown = await caller.call('GET', `${at}?width=30&format=${format}`);
      expect(shown).toMatchObject({ status: 200, headers: { 'content-type': `image/${format}`, 'cache-control': 'private, no-cache' } });
      expect(await sharp(shown.bytes).metadata()).toMatchObject({ width: 30, height: 20, format });
    }
    const full = await caller.call('GET', `${at}?format=png`);
    expect([...(await sharp(full.bytes).removeAlpha().raw().toBuffer())]).toEqual(new Array(40 * 60 * 3).fill(10));
    expect(await caller.call('GET', `${at}?format=png`, undefined, { 'if-none-match': full.headers['etag'] as string })).toMatchObject({ status: 304, bytes: { length: 0 } });
    expect((await caller.call('GET', `${at}?format=webp`)).headers['etag']).not.toBe(full.headers['etag']);
    const mask = await caller.call('GET', `${at}/mask?width=30`);
    // Marked by values of 1, which would be invisible.
    expect([...new Set(await sharp(mask.bytes).extractChannel(0).raw().toBuffer())]).toEqual([255]);
    const [good] = await images(dataset, '?split=train');
    expect(await caller.call('GET', `/datasets/${dataset}/images/${good!.id}/mask`)).toMatchObject({ status: 404, body: { code: 'image-without-mask' } });
    expect(await caller.call('GET', `${at}?width=1000000`)).toMatchObject({ status: 400, body: { field: 'query › width' } });
    expect(await caller.call('GET', `/datasets/${dataset}/images/none`)).toMatchObject({ status: 404, body: { code: 'no-image' } });
  });

  it('show formats that browsers do not know, and 16 bits', async () => {
    const odd = join(shared, 'odd');
    const bmp = Buffer.alloc(54 + 8, 0);
    bmp.write('BM');
    for (const [at, value] of [[2, 62], [10, 54], [14, 40], [18, 1], [22, 2]] as const) bmp.writeUInt32LE(value, at);
    bmp.writeUInt16LE(1, 26);
    bmp.writeUInt16LE(24, 28);
    // One column, the lower row first: blue, green, red.
    bmp.set([1, 2, 3, 0, 200, 150, 100, 0], 54);
    const deep = await sharp(Uint16Array.from([0x1234, 0xabcd]), { raw: { width: 2, height: 1, channels: 1 } }).toColourspace('grey16').png().toBuffer();
    await writeFolder(odd, { 'a.bmp': bmp, 'b.png': deep, 'c.png': picture(5) });
    const dataset = await register(odd);
    await scanned(dataset);
    const found = await images(dataset, '?by=share&validationShare=0');
    const pixels = async (path: string): Promise<number[]> => {
      const image = found.find((one) => one.path === path)!;
      return [...(await sharp((await caller.call('GET', `/datasets/${dataset}/images/${image.id}?format=png`)).bytes).removeAlpha().raw().toBuffer())];
    };
    expect(await pixels('a.bmp')).toEqual([100, 150, 200, 3, 2, 1]);
    const [dark] = await pixels('b.png');
    expect(Math.abs(dark! - 0x12)).toBeLessThanOrEqual(1);
  });

  it('tell of what cannot be used, and of an image that claims to be huge without decoding it', async () => {
    const bad = join(shared, 'bad');
    await writeFolder(bad, { 'a.png': picture(1), 'b.png': picture(2), 'bomb.png': claiming(60_000, 60_000), 'cut.png': (await encoded(picture(3, 50, 50))).subarray(0, 60) });
    const dataset = await register(bad);
    expect(await scanned(dataset)).toEqual({ state: 'done', images: 2 });
    const { problems } = (await caller.call('GET', `/datasets/${dataset}/scan`)).body as { problems: { code: string; file: string }[] };
    expect(problems).toEqual(expect.arrayContaining([expect.objectContaining({ code: 'image-too-large', severity: 'error' }), expect.objectContaining({ code: 'unreadable-image' })]) as unknown);
    // An image that was fine when it was scanned.
    const [first] = await images(dataset, '?by=share&validationShare=0');
    writeFileSync(join(bad, first!.path), claiming(60_000, 60_000));
    expect(await caller.call('GET', `/datasets/${dataset}/images/${first!.id}`)).toMatchObject({ status: 400, body: { code: 'image-too-large' } });
  });

  it('that are gone, moved or changed say so', async () => {
    const moving = join(shared, 'moving');
    cpSync(set, moving, { recursive: true });
    const dataset = await register(moving);
    await scanned(dataset);
    expect(await caller.call('GET', `/datasets/${dataset}`)).toMatchObject({ body: { folder: 'there', changed: false, scan: { state: 'done' } } });
    const [image] = await images(dataset, '?split=train');
    rmSync(join(moving, image!.path));
    expect(await caller.call('GET', `/datasets/${dataset}`)).toMatchObject({ body: { folder: 'there', changed: true } });
    expect(await caller.call('GET', `/datasets/${dataset}/images/${image!.id}`)).toMatchObject({ status: 410, body: { code: 'dataset-gone', hint: 'scan the dataset again' } });
    renameSync(moving, `${moving}-on`);
    expect(await caller.call('GET', `/datasets/${dataset}`)).toMatchObject({ status: 200, body: { folder: 'gone' } });
    expect(await caller.call('POST', `/datasets/${dataset}/scan`, {})).toMatchObject({ status: 410, body: { code: 'dataset-gone' } });
    symlinkSync(join(secret, 'set'), moving);
    expect(await caller.call('GET', `/datasets/${dataset}`)).toMatchObject({ body: { folder: 'outside' } });
    expect(await caller.call('POST', `/datasets/${dataset}/scan`, {})).toMatchObject({ status: 403, body: { code: 'outside-roots' } });
    expect(await caller.call('GET', `/datasets/${dataset}/images/${image!.id}`)).toMatchObject({ status: 403 });
  });

  it('have scans that can be ended', async () => {
    const dataset = await register(set);
    await caller.call('POST', `/datasets/${dataset}/scan`, { again: true });
    expect(await caller.call('DELETE', `/datasets/${dataset}/scan`)).toMatchObject({ status: 200, body: { state: 'cancelled' } });
    expect(await scanned(dataset)).toEqual({ state: 'done', images: 12 });
  });

  it('fail to be scanned in words', async () => {
    mkdirSync(join(shared, 'empty'));
    expect(await scanned(await register(join(shared, 'empty')))).toMatchObject({ state: 'failed', problem: { code: 'no-images' } });
  });

  it('are the same after a restart; a record that cannot be read is set aside and told', async () => {
    const restarted = join(folder, 'restarted');
    const first = await Caller.start(restarted, { dataRoots: [shared] });
    const { body } = await first.call('POST', '/datasets', { path: set });
    await first.served.close();
    writeFileSync(join(restarted, 'dataset-records', '00000000-0000-4000-8000-000000000000.json'), '{"id": "000');
    const second = await Caller.start(restarted, { dataRoots: [shared] });
    expect(await second.call('GET', '/datasets')).toMatchObject({ body: { total: 1, datasets: [body], setAside: [{ message: expect.stringContaining('double quote') as string }] } });
    await second.served.close();
    expect(readdirSync(join(restarted, 'dataset-records', 'set-aside'))).toEqual(['00000000-0000-4000-8000-000000000000.json']);
  });
});

describe('a path of a client', () => {
  it.each([
    ['elsewhere', () => join(secret, 'set')],
    ['by ..', () => `${shared}/../secret/set`],
    ['by a link', () => join(shared, 'way-out')],
    ['of the system', () => '/etc'],
    ['that is relative', () => 'bottle'],
    ['with a zero byte', () => `${set}\0`],
  ])('%s registers nothing', async (_, path) => {
    if (!existsSync(join(shared, 'way-out'))) symlinkSync(join(secret, 'set'), join(shared, 'way-out'));
    expect(await caller.call('POST', '/datasets', { path: path() })).toMatchObject({ status: 403, body: { code: 'outside-roots' } });
    expect(await caller.call('GET', `/folders?path=${encodeURIComponent(path())}`)).toMatchObject({ status: 403 });
  });

  it('that is nothing, or a file, is told as that', async () => {
    expect(await caller.call('POST', '/datasets', { path: join(shared, 'nothing') })).toMatchObject({ status: 400, body: { code: 'no-such-path' } });
    expect(await caller.call('POST', '/datasets', { path: join(set, 'train/good/0.png') })).toMatchObject({ status: 400, body: { code: 'not-a-folder' } });
    expect(await caller.call('GET', `/folders?path=${encodeURIComponent(join(set, 'train/good/0.png'))}`)).toMatchObject({ status: 400, body: { code: 'not-a-folder' } });
  });

  it('is chosen among folders', async () => {
    expect(await caller.call('GET', '/folders')).toMatchObject({ body: { path: null, folders: [{ path: join(home, 'datasets') }, { path: shared }] } });
    expect(await caller.call('GET', `/folders?path=${encodeURIComponent(set)}`)).toMatchObject({ body: { folders: [{ name: 'ground_truth' }, { name: 'test' }, { name: 'train', path: join(await realpath(set), 'train') }] } });
  });

  it('in an image that is a link out of the root shows nothing', async () => {
    const linked = join(shared, 'linked');
    await writeFolder(linked, { 'a.png': picture(1), 'b.png': { link: join(secret, 'set', 'b.png') } });
    const dataset = await register(linked);
    await scanned(dataset);
    const found = await images(dataset, '?by=share&validationShare=0');
    const at = (path: string): string => `/datasets/${dataset}/images/${found.find((one) => one.path === path)!.id}`;
    expect(await caller.call('GET', at('a.png'))).toMatchObject({ status: 200 });
    expect(await caller.call('GET', at('b.png'))).toMatchObject({ status: 403, body: { code: 'outside-roots' } });
  });

  it.each(['..%2f..%2fetc%2fpasswd', '%00', 'x', '__proto__', 'constructor'])('as the id %s reaches no file', async (wrong) => {
    for (const path of [`/datasets/${wrong}`, `/datasets/${wrong}/scan`, `/datasets/${wrong}/images`, `/datasets/${wrong}/images/x`]) {
      expect(await caller.call('GET', path)).toMatchObject({ status: 404, body: { code: 'no-dataset-registered' } });
    }
    const dataset = await register(set);
    await scanned(dataset);
    expect(await caller.call('GET', `/datasets/${dataset}/images/${wrong}`)).toMatchObject({ status: 404, body: { code: 'no-image' } });
  });
});

describe('the demo set', () => {
  it('is drawn in the background, registered, and kept', async () => {
    expect(await caller.call('GET', '/datasets/demo')).toMatchObject({ body: { state: 'none' } });
    expect(await caller.call('POST', '/datasets/demo', { categories: ['grid'] })).toMatchObject({ status: 202, body: { state: 'drawing' } });
    const { dataset } = await caller.until<{ state: string; dataset: string }>('/datasets/demo', over);
    expect(await caller.call('GET', `/datasets/${dataset}`)).toMatchObject({ body: { name: 'Demo: grid', folder: 'there' } });
    expect(await caller.call('POST', '/datasets/demo', { categories: ['nothing'] })).toMatchObject({ status: 400, body: { code: 'bad-request' } });
  });
});
