import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { mustHaveCategories, type ReadOptions } from '../../../server/data/read-dataset.ts';
import { builtinPacks } from '../../../server/plugins/builtin.ts';
import type { LayoutSource } from '../../../server/plugins/layouts/layout-sources.ts';
import { layoutsOf } from '../../../server/plugins/layouts/read-apart.ts';
import { Plugins } from '../../../server/plugins/plugins.ts';
import { installFixtures } from '../../support/plugins.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { picture, type Content } from '../data/pictures.ts';
import { Reading } from '../data/reading.ts';

const root = temporaryFolder();
const reading = new Reading(join(root, 'sets'));

const known = new Map<string, Promise<LayoutSource[]>>();

/** Layouts of plugins among the fixtures, as a server has them from a home that they are installed in. */
async function layouts(plugins: readonly string[], limit?: number): Promise<Pick<ReadOptions, 'more'>> {
  const name = plugins.join();
  if (!known.has(name)) known.set(name, sourcesOf(name, plugins));
  return { more: layoutsOf(await known.get(name)!, limit === undefined ? {} : { limit }) };
}

async function sourcesOf(name: string, plugins: readonly string[]): Promise<LayoutSource[]> {
  const home = join(root, name);
  installFixtures(home, ...plugins);
  const opened = await Plugins.open({ home, packs: builtinPacks, module: '', places: { home }, onChange: () => {}, log: pino({ level: 'silent' }) });
  const sources = opened.layouts();
  await opened.close();
  expect(sources).toHaveLength(plugins.length);
  return sources;
}

const days: Record<string, Content> = {
  'monday/ok_001.png': picture(1),
  'monday/ok_002.png': picture(2),
  'monday/ng-scratch_003.png': picture(3),
  'tuesday/ok_004.png': picture(4),
  'tuesday/ng-dent_005.png': picture(5),
};
const asShifts = { layout: '@acme/workshop/shifts', categories: { set: { train: ['monday/ok_001.png', 'monday/ok_002.png'], test: ['tuesday/ng-dent_005.png (dent)', 'tuesday/ok_004.png (good)'] } } };

describe('a layout of a plugin', () => {
  it('is recognised where ours find no normal images', async () => {
    expect(await reading.refusal(days)).toMatchObject({ code: 'no-good-images' });
    expect(await reading.read(days, await layouts(['workshop']))).toMatchObject(asShifts);
  });

  it('may look into files that come with the images', async () => {
    const named = { ...days, 'about.txt': Buffer.from('gears\n') };
    expect(Object.keys((await reading.read(named, await layouts(['workshop']))).categories)).toEqual(['gears']);
  });

  it('comes after ours, and may be named instead of them', async () => {
    const files = { 'good/ok_001.png': picture(1), 'good/ok_002.png': picture(2), 'late/ok_003.png': picture(3) };
    const options = await layouts(['workshop']);
    expect(await reading.read(files, options)).toMatchObject({ layout: 'good-and-defects' });
    expect(await reading.read(files, { ...options, layout: '@acme/workshop/shifts' })).toMatchObject({ layout: '@acme/workshop/shifts', categories: { set: { train: ['good/ok_001.png', 'good/ok_002.png'], test: ['late/ok_003.png (good)'] } } });
  });

  it('gives way to one of ours that is named', async () => {
    expect(await reading.read(days, { ...(await layouts(['workshop'])), layout: 'good-and-defects', onProblem: 'report' })).toMatchObject({ layout: 'good-and-defects' });
  });

  it('says what a list leaves open', async () => {
    const list = Buffer.from('path,split\nmonday/ok_002.png,train\ntuesday/ng-dent_005.png,test\n');
    expect(await reading.read({ ...days, 'list.csv': list }, { ...(await layouts(['workshop'])), list: 'list.csv' })).toMatchObject({
      layout: '@acme/workshop/shifts, by list',
      categories: { set: { train: ['monday/ok_002.png'], test: ['tuesday/ng-dent_005.png (dent)'] } },
    });
  });

  it('has its categories checked by the names of files alone', async () => {
    const options = await layouts(['workshop']);
    const folder = await reading.folder(days, 'set');
    await mustHaveCategories(folder, ['set'], options);
    await expect(mustHaveCategories(folder, ['gears'], options)).rejects.toMatchObject({ code: 'unknown-category' });
  });

  it('that nothing brings is refused, with those that there are', async () => {
    expect(await reading.refusal(days, { ...(await layouts(['workshop'])), layout: '@acme/workshop/shift' })).toMatchObject({
      code: 'unknown-layout',
      message: 'expected the name of a layout, found "@acme/workshop/shift"',
      hint: expect.stringMatching(/visa, .*plain, @acme\/workshop\/shifts/),
    });
  });
});

describe('a layout of a plugin that misbehaves', () => {
  it.each([
    ['throws', 'layout-failed', 'expected the layout "wayward/throws" to read a folder, found that it failed: I never liked folders'],
    ['ends', 'layout-failed', 'expected the layout "wayward/ends" to read a folder, found that it failed: it ended its process (exit 3)'],
    ['escapes', 'layout-failed', 'expected files of the dataset, found in the category "set" "../secret.png", which is none'],
    ['misses', 'layout-failed', '"nowhere.png", which is none'],
    ['babbles', 'layout-failed', 'expected a list'],
    ['numbers', 'layout-failed', 'at categories › 0 › train › 0'],
    ['repeats', 'layout-failed', 'expected each category once, found "set" twice'],
    ['mumbles', 'layout-failed', 'expected the layout "wayward/mumbles" to recognise a folder, found that it failed: expected detects to give true or false, found string'],
    ['loops', 'layout-timeout', 'expected the layout "wayward/loops" to read a folder within 2 s, found that it did not'],
    ['waits', 'layout-timeout', 'expected the layout "wayward/waits" to read a folder within 2 s'],
    ['stares', 'layout-timeout', 'expected the layout "wayward/stares" to recognise a folder within 2 s'],
  ])('that %s is named, and the dataset refused', async (name, code, message) => {
    const found = await reading.refusal({ [`${name}/1.png`]: picture(1) }, await layouts(['wayward'], 2000));
    expect(found).toMatchObject({ code, message: expect.stringContaining(message), hint: expect.stringContaining('stillroom plugin disable wayward') });
  });

  it('keeps no other dataset, and no other layout, from being read', async () => {
    const both = await layouts(['wayward', 'workshop'], 2000);
    await expect(reading.read({ 'throws/1.png': picture(1) }, both)).rejects.toMatchObject({ code: 'layout-failed' });
    expect(await reading.read({ 'good/1.png': picture(1), 'throws/2.png': picture(2) }, both)).toMatchObject({ layout: 'good-and-defects' });
    expect(await reading.read(days, both)).toMatchObject(asShifts);
  });
});
