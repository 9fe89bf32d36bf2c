import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { beforeAll, describe, expect, it } from 'vitest';
import { imagesFrom, imagesNamed } from '../../../server/predict/image-paths.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
const at = (...path: string[]): string => join(folder, ...path);

beforeAll(() => {
  for (const file of ['b.png', 'a.JPG', 'deep/er/c.tif', 'deep/notes.txt', 'deep/.hidden.png', 'odd[1].png', 'odd1.png']) {
    mkdirSync(dirname(at(file)), { recursive: true });
    writeFileSync(at(file), '');
  }
  mkdirSync(at('empty'));
});

const files = async (...args: string[]): Promise<string[]> => (await imagesNamed(args)).map(({ file }) => file);

describe('the images that arguments name', () => {
  it('are files as they are, whatever they are called and whether they are there', async () => {
    expect(await files(at('deep/notes.txt'), at('none.png'))).toEqual([at('deep/notes.txt'), at('none.png')]);
  });

  it('are of a folder all with an image’s name, in it and below, in order', async () => {
    expect(await files(folder)).toEqual(['a.JPG', 'b.png', 'deep/er/c.tif', 'odd1.png', 'odd[1].png'].map((file) => at(file)));
    expect(await files(at('deep'))).toEqual([at('deep/er/c.tif')]);
  });

  it('are of a pattern those that it matches', async () => {
    expect(await files(at('*.png'))).toEqual([at('b.png'), at('odd1.png'), at('odd[1].png')]);
    expect(await files(at('**/*.{tif,txt}'))).toEqual([at('deep/er/c.tif')]);
  });

  it('are there each once, and a file with brackets in its name is that file', async () => {
    expect(await files(at('odd[1].png'), at('b.png'), at('*.png'))).toEqual([at('odd[1].png'), at('b.png'), at('odd1.png')]);
  });

  it('are no maps that were written among them, unless named as files; an image that is merely called a map is one', async () => {
    for (const file of ['b.png', 'b.png.map.png', 'deep/c.jpeg.map.png', 'city.map.png']) {
      mkdirSync(dirname(at('mapped', file)), { recursive: true });
      writeFileSync(at('mapped', file), '');
    }
    const images = [at('mapped/b.png'), at('mapped/city.map.png')];
    expect(await files(at('mapped'))).toEqual(images);
    expect(await files(at('mapped/**/*.png'))).toEqual(images);
    expect(await files(at('mapped/b.png.map.png'))).toEqual([at('mapped/b.png.map.png')]);
    expect((await imagesNamed([at('mapped/deep')]))[0]).toMatchObject({ error: { code: 'no-images' } });
  });

  it('are missing where a folder or a pattern has none, which is told in their place', async () => {
    const named = await imagesNamed([at('empty'), at('b.png'), at('*.webp')]);
    expect(named.map((one) => ('error' in one ? one.error.code : 'image'))).toEqual(['no-images', 'image', 'no-images']);
    expect(named[2]).toMatchObject({ file: at('*.webp'), error: { message: expect.stringContaining('none does') as string } });
  });
});

describe('paths from a stream', () => {
  it('come line by line while the stream goes on, with either line end; empty lines are none', async () => {
    const input = new PassThrough();
    const paths = imagesFrom(input);
    input.write('a b.png\r\n\n');
    expect((await paths.next()).value).toEqual({ file: 'a b.png' });
    input.write('c.png\nd');
    expect((await paths.next()).value).toEqual({ file: 'c.png' });
    input.end('.png');
    expect((await paths.next()).value).toEqual({ file: 'd.png' });
    expect((await paths.next()).done).toBe(true);
  });
});
