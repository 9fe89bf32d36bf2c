import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEMO_SEED, DEMO_VERSION } from '../../../server/data/demo/version.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { hashOf, json, problems, Stillroom } from './stillroom.ts';
import { writeImage, writeTinyCategory } from './tiny.ts';

const folder = temporaryFolder();
const stillroom = new Stillroom(join(folder, 'home'));

interface InfoJson {
  layout: string;
  sha256: string;
  categories: { name: string; train: number; good: number; defective: number; masks: number }[];
  problems: { code: string; severity: string; file?: string }[];
  contactSheet?: string;
}

describe('stillroom data info', () => {
  const mvtec = join(folder, 'mvtec');
  beforeAll(async () => {
    for (const category of ['forks', 'plates']) await writeTinyCategory(join(mvtec, category));
    rmSync(join(mvtec, 'plates', 'ground_truth', 'blot', '2_mask.png'));
    copyFileSync(join(mvtec, 'plates', 'train', 'good', '0.png'), join(mvtec, 'plates', 'test', 'good', 'again.png'));
  });

  it('tells layout, counts, sizes and defects by category', async () => {
    const { code, out } = await stillroom.call('data', 'info', mvtec);
    expect(code).toBe(0);
    expect(out).toContain(`${mvtec}\nlayout: mvtec-set\n`);
    expect(out).toMatch(/^forks +10 +– +3 +3 +3 +64×64 +png, 8 bit, grey$/m);
    expect(out).toMatch(/^plates +10 +– +4 +3 +2 +64×64 +png, 8 bit, grey$/m);
    expect(out).toMatch(/^plates +blot +3 +2 +\S+ \/ \S+ \/ \S+$/m);
  });

  it('warns of what is missing and of images that are trained and tested on', async () => {
    const outcome = await stillroom.call('data', 'info', mvtec, '--json');
    expect(outcome.code).toBe(0);
    const { layout, sha256, categories, problems: found } = json<InfoJson>(outcome);
    expect(layout).toBe('mvtec-set');
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    const size = { width: 64, height: 64 };
    const share = (16 * 12) / (64 * 64);
    expect(categories[1]).toEqual({
      ...{ name: 'plates', train: 10, validation: null, good: 4, defective: 3, masks: 2 },
      ...{ sizes: { distinct: 1, smallest: size, median: size, largest: size }, formats: { png: 17 }, bits: { 8: 17 }, colours: { grey: 17 }, alpha: 0 },
      defects: { blot: { images: 3, masks: 2, coverage: { min: share, median: share, max: share } } },
    });
    expect(found.map(({ code }) => code).sort()).toEqual(['leakage', 'no-mask']);

    const lines = problems(await stillroom.call('data', 'info', mvtec));
    expect(lines).toHaveLength(2);
    expect(lines.every((line) => line.startsWith(`warning: ${join(mvtec, 'plates')}`))).toBe(true);
  });

  it('takes a plain folder of good images', async () => {
    const plain = join(folder, 'photographs');
    for (let i = 0; i < 10; i++) await writeImage(join(plain, `${i}.png`), false);
    const { layout, categories } = json<InfoJson>(await stillroom.call('data', 'info', plain, '--json'));
    expect(layout).not.toBe('mvtec');
    expect(categories).toHaveLength(1);
    expect(categories[0]!.train + categories[0]!.good).toBe(10);
  });

  it('tells every file that is no image, and goes on', async () => {
    const broken = join(folder, 'broken');
    await writeTinyCategory(broken);
    const files = ['3', '5'].map((name) => join(broken, 'train', 'good', `${name}.png`));
    for (const file of files) writeFileSync(file, 'no image');
    symlinkSync('nowhere', join(broken, 'train', 'good', 'gone.png'));
    const outcome = await stillroom.call('data', 'info', broken, '--json');
    expect(outcome.code).toBe(0);
    const { categories, problems: found } = json<InfoJson>(outcome);
    expect(categories[0]!.train).toBe(8);
    expect(found.filter(({ severity }) => severity === 'error')).toMatchObject([
      { code: 'unreadable-image', file: files[0] },
      { code: 'unreadable-image', file: files[1] },
      { code: 'not-a-file', file: join(broken, 'train', 'good', 'gone.png') },
    ]);
    const { err } = await stillroom.call('data', 'info', broken);
    for (const file of files) expect(err).toContain(`error: ${file}: expected a whole PNG`);
  });

  it('tells of a category without good images, too', async () => {
    const bare = join(folder, 'bare');
    await writeTinyCategory(bare);
    rmSync(join(bare, 'train'), { recursive: true });
    const { categories, problems: found } = json<InfoJson>(await stillroom.call('data', 'info', bare, '--json'));
    expect(categories[0]).toMatchObject({ train: 0, good: 3 });
    expect(found).toMatchObject([{ code: 'no-good-images', severity: 'error', file: join(bare, 'train', 'good') }]);
  });

  it('looks at some categories only', async () => {
    const { categories } = json<InfoJson>(await stillroom.call('data', 'info', mvtec, '--category', 'forks', '--json'));
    expect(categories.map(({ name }) => name)).toEqual(['forks']);
  });

  it('splits by a list', async () => {
    const list = join(folder, 'split.csv');
    writeFileSync(list, 'forks/train/good/0.png,train\nforks/train/good/1.png,validation\nforks/test/blot/0.png,test\n');
    const { layout, categories } = json<InfoJson>(await stillroom.call('data', 'info', mvtec, '--list', list, '--json'));
    expect(layout).toBe('mvtec-set, by list');
    expect(categories).toMatchObject([{ name: 'forks', train: 1, validation: 1, good: 0, defective: 1, masks: 1 }]);
  });

  it('draws a contact sheet, which is all that it writes', async () => {
    const before = hashOf(mvtec);
    const sheet = join(folder, 'sheets', 'mvtec.png');
    const outcome = await stillroom.call('data', 'info', mvtec, '--contact-sheet', sheet, '--json');
    expect(json<InfoJson>(outcome).contactSheet).toBe(sheet);
    expect(await sharp(sheet).metadata()).toMatchObject({ format: 'png' });
    expect(hashOf(mvtec)).toBe(before);
    const wrong = await stillroom.call('data', 'info', mvtec, '--contact-sheet', 'sheet.jpg', '--json');
    expect(wrong.code).toBe(2);
    expect(json(wrong)).toMatchObject({ error: { code: 'bad-usage' } });
  });

  it('says in one line that there is no such folder', async () => {
    const nowhere = join(folder, 'nowhere');
    const outcome = await stillroom.call('data', 'info', nowhere, '--json');
    expect(outcome.code).toBe(1);
    expect(json(outcome)).toMatchObject({ error: { code: 'no-such-folder', file: nowhere } });
    expect(outcome.err).toBe(`error: ${nowhere}: expected a folder of images, found nothing there (check the path for a typing error)\n`);
  });

  it('writes nothing, neither there nor at home', async () => {
    const before = hashOf(mvtec);
    await stillroom.call('data', 'info', mvtec);
    expect(hashOf(mvtec)).toBe(before);
    expect(hashOf(stillroom.home)).toBe('nothing');
  });
});

// That it draws the published pixels, test/server/data/demo sees.
describe('stillroom data demo', () => {
  it('keeps a set that is there, and tells whether its pixels are the published ones', async () => {
    const out = join(folder, 'demo');
    await writeImage(join(out, 'grid', 'train', 'good', '000.png'), false);
    const images = [{ image: join('train', 'good', '000.png') }];
    const set = { label: 'generated', about: '', generator: 'stillroom demo', version: DEMO_VERSION, seed: DEMO_SEED, alteredFrom: 8 };
    writeFileSync(join(out, 'demo.json'), JSON.stringify({ ...set, categories: { grid: { sha256: 'ab'.repeat(32), images } } }));
    const before = hashOf(out);
    const outcome = await stillroom.call('data', 'demo', '--out', out, '--category', 'grid', '--json');
    expect(outcome.code).toBe(0);
    expect(json(outcome)).toMatchObject({
      ...{ folder: out, label: 'generated', version: DEMO_VERSION, seed: DEMO_SEED, reused: true },
      categories: [{ name: 'grid', training: 1, good: 0, defective: 0, asPublished: false }],
    });
    const { out: text, err } = await stillroom.call('data', 'demo', '--out', out, '--category', 'grid');
    expect(text).toContain('(was there already)');
    expect(err).toBe('warning: these pixels are not those of the published set; figures will not compare\n');
    expect(hashOf(out)).toBe(before);
  });

  it('interrupted, ends with 130 and leaves no half of a set', async () => {
    const out = join(folder, 'half');
    const { child, outcome } = stillroom.start('data', 'demo', '--out', out, '--category', 'grid', '--json');
    child.stderr!.once('data', () => child.kill('SIGINT'));
    const interrupted = await outcome;
    expect(interrupted.code).toBe(130);
    expect(json(interrupted)).toMatchObject({ error: { code: 'cancelled' } });
    expect(existsSync(out)).toBe(false);
  });

  it('leaves a folder that holds something else as it is', async () => {
    const taken = join(folder, 'taken');
    mkdirSync(taken);
    writeFileSync(join(taken, 'notes.txt'), 'mine');
    const outcome = await stillroom.call('data', 'demo', '--out', taken, '--category', 'grid', '--json');
    expect(outcome.code).toBe(1);
    expect(json(outcome)).toMatchObject({ error: { code: 'demo-folder-taken' } });
    expect(readFileSync(join(taken, 'notes.txt'), 'utf8')).toBe('mine');
  });

  it('knows its categories', async () => {
    const outcome = await stillroom.call('data', 'demo', '--category', 'texile', '--json');
    expect(outcome.code).toBe(1);
    expect(json(outcome)).toMatchObject({ error: { code: 'unknown-demo-category' } });
  });
});
