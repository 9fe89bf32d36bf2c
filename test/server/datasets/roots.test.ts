import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { isInside } from '../../../server/data/lie-within.ts';
import { Roots } from '../../../server/datasets/roots.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
const [home, shared, secret] = ['home', 'shared', 'secret'].map((name) => join(folder, name)) as [string, string, string];
let roots: Roots;

beforeAll(async () => {
  for (const made of [home, join(shared, 'set'), secret, `${shared}-besides`]) mkdirSync(made, { recursive: true });
  writeFileSync(join(secret, 'key'), 'x');
  symlinkSync(secret, join(shared, 'link'));
  symlinkSync(join(shared, 'set'), join(secret, 'back'));
  symlinkSync('loop', join(shared, 'loop'));
  roots = await Roots.open(home, [shared]);
});

describe('the folders that clients may name', () => {
  it('are that of the home, made where it is not there, and those given', async () => {
    expect(roots.folders).toEqual([join(home, 'datasets'), shared]);
    expect(await roots.resolve(join(home, 'datasets'))).toBe(await realpath(join(home, 'datasets')));
    expect(await roots.resolve(join(shared, 'set', '..', 'set'))).toBe(await realpath(join(shared, 'set')));
  });

  it('are where a link ends, not where it begins', async () => {
    expect(await roots.resolve(join(secret, 'back'))).toBe(await realpath(join(shared, 'set')));
    await expect(roots.resolve(join(shared, 'link'))).rejects.toMatchObject({ code: 'outside-roots' });
    await expect(roots.resolve(join(shared, 'link', 'key'))).rejects.toMatchObject({ code: 'outside-roots' });
  });

  it.each([
    ['..', () => join(shared, '..', 'secret')],
    ['a relative path', () => 'set'],
    ['a folder whose name begins alike', () => `${shared}-besides`],
    ['the system', () => '/etc/passwd'],
    ['a zero byte', () => `${shared}/set\0.png`],
    ['what is not there behind a link', () => join(shared, 'link', 'nothing')],
    ['what is not there elsewhere', () => join(secret, 'nothing')],
    ['what is not there, by ..', () => `${shared}/../secret/nothing`],
  ])('are not left by %s', async (_, path) => {
    await expect(roots.resolve(path())).rejects.toMatchObject({ code: 'outside-roots', hint: expect.stringContaining('--data-root') as string });
  });

  it('say of what is not there inside them that it is not', async () => {
    await expect(roots.resolve(join(shared, 'nothing', 'at', 'all'))).rejects.toMatchObject({ code: 'no-such-path' });
    await expect(roots.resolve(join(shared, 'loop'))).rejects.toMatchObject({ code: 'no-such-path' });
  });

  it('must be folders', async () => {
    await expect(Roots.open(home, [join(folder, 'none')])).rejects.toMatchObject({ code: 'no-such-folder' });
    await expect(Roots.open(home, [join(secret, 'key')])).rejects.toMatchObject({ code: 'not-a-folder' });
  });
});

describe('isInside', () => {
  it.each([
    ['/a', '/a', true],
    ['/a/b', '/a', true],
    ['/a/..b', '/a', true],
    ['/ab', '/a', false],
    ['/', '/a', false],
    ['/a', '/', true],
  ])('%s in %s: %s', (path, root, is) => expect(isInside(path, root)).toBe(is));
});
