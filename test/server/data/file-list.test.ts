import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFileList } from '../../../server/data/file-list.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { picture, type Content } from './pictures.ts';
import { Reading } from './reading.ts';

const home = temporaryFolder();
const reading = new Reading(home);
const written = (name: string, text: string): string => {
  mkdirSync(join(home, 'lists'), { recursive: true });
  writeFileSync(join(home, 'lists', name), text);
  return join(home, 'lists', name);
};
const a = { path: 'good/a.png', split: 'train', masks: [], line: expect.any(Number) as number };
const b = { ...a, path: 'hole/b.png', split: 'test', label: 'hole', masks: ['m/b.png', 'm/b2.png'] };
const c = { ...a, path: 'good/c.png', split: 'validation' };

describe('a list of images', () => {
  it.each([
    ['names.csv', 'split,path,mask,label\ntrain,good/a.png\ntest,hole/b.png,m/b.png|m/b2.png,hole\nval,./good/c.png,,\n'],
    ['order.csv', '\uFEFFgood/a.png,train\r\n\r\nhole\\b.png,TEST,hole,m/b.png|m/b2.png\r\ngood/c.png,validation'],
    ['semicolons.csv', 'path;split;label;mask\ngood/a.png;train;;\nhole/b.png;test;hole;m/b.png|m/b2.png\ngood/c.png;validation;;'],
    ['tabs.txt', 'good/a.png\ttrain\nhole/b.png\ttest\thole\tm/b.png|m/b2.png\ngood/c.png\tval\n'],
    ['blanks.txt', '# mine\ngood/a.png train\nhole/b.png test hole m/b.png|m/b2.png\ngood/c.png val\n'],
    ['rows.json', JSON.stringify([{ path: 'good/a.png', split: 'train' }, { path: 'hole/b.png', split: 'test', label: 'hole', mask: ['m/b.png', 'm/b2.png'] }, { path: 'good/c.png', split: 'val' }])],
    ['splits.json', JSON.stringify({ train: ['good/a.png'], test: [{ path: 'hole/b.png', label: 'hole', mask: 'm/b.png|m/b2.png' }], validation: ['good/c.png'] })],
  ])('%s', async (name, text) => {
    expect(await readFileList(written(name, text))).toEqual([a, b, c]);
  });

  it.each([
    ['x.csv', 'good/a.png,train\ngood/b.png,trian', 'line 2: expected train, validation or test, found "trian"'],
    ['x.csv', 'good/a.png', 'line 1: expected train, validation or test, found ""'],
    ['x.csv', '../a.png,train', 'line 1: expected a path within the dataset, found "../a.png"'],
    ['x.csv', '/etc/passwd,train', 'line 1: expected a path within the dataset, found "/etc/passwd"'],
    ['x.csv', 'C:\\a.png,train', 'line 1: expected a path within the dataset, found "C:\\a.png"'],
    ['x.csv', ',train', 'line 1: expected a path within the dataset, found ""'],
    ['x.csv', 'a.png,train,good,../m.png', 'line 1: expected a path within the dataset, found "../m.png"'],
    ['x.csv', 'a.png,train\n./a.png,test', 'line 2: expected each image once, found a.png in line 1 already'],
    ['x.csv', 'path,split\n', 'line 1: expected images, found none'],
    ['x.csv', '', 'line 1: expected images, found none'],
    ['x.csv', 'a.png,"train\n', 'expected CSV, found'],
    ['x.json', '{"train": [', 'line 1: expected JSON, found'],
    ['x.json', '[1, null]', 'line 1: expected train, validation or test, found ""'],
    ['x.json', '{"__proto__": ["a.png"]}', 'line 1: expected train, validation or test, found "__proto__"'],
  ])('%s with %j is refused', async (name, text, message) => {
    await expect(readFileList(written(name, text))).rejects.toMatchObject({ code: 'list-invalid', message: expect.stringContaining(message) as string });
  });

  it('that is not there', async () => {
    await expect(readFileList(join(home, 'none.csv'))).rejects.toMatchObject({ code: 'list-unreadable', message: expect.stringContaining('ENOENT') as string });
    await expect(readFileList(home)).rejects.toMatchObject({ code: 'list-unreadable' });
  });
});

describe('a dataset split by a list', () => {
  const files: Record<string, Content> = {
    'train/good/0.png': picture(1),
    'train/good/1.png': picture(2),
    'train/good/2.png': picture(3),
    'test/good/0.png': picture(4),
    'test/hole/0.png': picture(5),
    'test/hole/1.png': picture(6),
    'ground_truth/hole/0_mask.png': picture(255),
  };
  const list = (text: string): Record<string, Content> => ({ ...files, 'split.csv': Buffer.from(text) });

  it('has defects and masks from its layout where the list leaves them open; what is not listed is left out', async () => {
    const { layout, categories, problems } = await reading.read(
      list('train/good/0.png,test\ntrain/good/1.png,train\ntest/good/0.png,validation\ntest/hole/0.png,test'),
      { list: 'split.csv' },
    );
    expect(layout).toBe('mvtec, by list');
    expect(categories).toEqual({
      set: {
        train: ['train/good/1.png'],
        validation: ['test/good/0.png'],
        test: ['test/hole/0.png (hole: ground_truth/hole/0_mask.png)', 'train/good/0.png (good)'],
      },
    });
    expect(problems).toMatchObject([
      { code: 'not-listed', message: 'set: expected every image in split.csv, found no train/good/2.png, test/hole/1.png: left out' },
    ]);
  });

  it('has what the list says of defects and masks', async () => {
    const { categories } = await reading.read(
      list('train/good/0.png,train,,,set\ntest/hole/1.png,test,crack,ground_truth/hole/0_mask.png,set\ntest/hole/0.png,test,OK,,set'),
      { list: 'split.csv' },
    );
    expect(categories['set']!.test).toEqual(['test/hole/0.png (good)', 'test/hole/1.png (crack: ground_truth/hole/0_mask.png)']);
  });

  it('needs no layout, and may name categories', async () => {
    const { layout, categories } = await reading.read(
      { 'x/y/1.png': picture(1), 'x/y/2.png': picture(2), 'z/3.png': picture(3), 'l.json': Buffer.from(JSON.stringify([
        { path: 'x/y/1.png', split: 'train', category: 'one' },
        { path: 'x/y/2.png', split: 'test', label: 'bad', category: 'one' },
        { path: 'z/3.png', split: 'train', category: 'two' },
      ])) },
      { list: 'l.json', category: ['one'] },
    );
    expect([layout, categories]).toEqual(['list', { one: { train: ['x/y/1.png'], validation: [], test: ['x/y/2.png (bad)'] } }]);
  });

  it('is another dataset than one that is split in another way, of the same images', async () => {
    const { hashDataset } = await import('../../../server/data/hash.ts');
    const hashOf = async (text: string): Promise<string> => hashDataset((await reading.read(list(text), { list: 'split.csv' })).dataset.categories);
    const one = 'train/good/0.png,train\ntrain/good/1.png,train\ntrain/good/2.png,validation';
    expect(await hashOf(one)).toBe(await hashOf(`${one}\n`));
    expect(await hashOf('train/good/0.png,train\ntrain/good/1.png,validation\ntrain/good/2.png,train')).not.toBe(await hashOf(one));
  });

  it.each([
    ['a/b.png,test', 'listed-not-there', 'expected the image that line 1 of split.csv names, found none'],
    ['test/hole/0.png,train', 'list-invalid', 'line 1: expected good images to train on, found test/hole/0.png with the label "hole"'],
    ['train/good/0.png,validation,dent', 'list-invalid', 'line 1: expected good images to validate on, found train/good/0.png with the label "dent"'],
  ])('%s is refused', async (text, code, message) => {
    expect(await reading.refusal(list(text), { list: 'split.csv' })).toMatchObject({ code, message });
  });

  it('a test image of which nobody says what it is, is refused', async () => {
    const found = await reading.refusal({ 'x/a.png': picture(1), 'l.txt': Buffer.from('x/a.png test') }, { list: 'l.txt' }, 'y');
    expect(found).toMatchObject({ code: 'list-invalid' });
  });
});
