import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Pack, WeightReader } from '../../../plugins/sdk/index.ts';
import { withReadersApart } from '../../../server/plugins/readers/read-weights-apart.ts';
import { readState } from '../../../server/weights/read-state.ts';
import { writeSafetensors } from '../../../server/weights/safetensors.ts';
import { fixture } from '../../support/plugins.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
const write = (name: string, bytes: string | Uint8Array): string => {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
};

/** `ROW` and bytes, each of them a number. */
const rows: WeightReader = {
  name: 'acme/rows',
  title: 'rows of bytes',
  extensions: ['.row'],
  recognises: (start) => Buffer.from(start).toString('latin1').startsWith('ROW'),
  async read(file) {
    expect([file.name, file.path]).toEqual(['a.row', join(folder, 'a.row')]);
    const bytes = await file.bytes(3);
    expect(await file.bytes(3, 2)).toEqual(bytes.subarray(0, 2));
    expect(await file.bytes(file.size, 10)).toHaveLength(0);
    return new Map([['row', { shape: [bytes.length], data: Float32Array.from(bytes) }]]);
  },
};

describe('a reader of weights of a plugin', () => {
  it('reads what it recognises by the first bytes, whatever the file is called', async () => {
    const state = await readState(write('a.row', Uint8Array.of(0x52, 0x4f, 0x57, 7, 8, 9)), [rows]);
    expect(state).toEqual(new Map([['row', { shape: [3], data: Float32Array.of(7, 8, 9) }]]));
  });

  it('is given 64 bytes at most to recognise a file by, and no more than there are', async () => {
    const seen: number[] = [];
    const looks: WeightReader = { ...rows, recognises: (start) => (seen.push(start.length), false) };
    await expect(readState(write('long', new Uint8Array(100)), [looks])).rejects.toMatchObject({ code: 'weights-unknown-format' });
    await expect(readState(write('short', new Uint8Array(5)), [looks])).rejects.toMatchObject({ code: 'weights-unknown-format' });
    expect(seen).toEqual([64, 5]);
  });

  it('comes after the built-in formats', async () => {
    const file = join(folder, 'real.safetensors');
    await writeSafetensors(file, new Map([['w', { shape: [1], data: Float32Array.of(2) }]]));
    const greedy: WeightReader = { ...rows, recognises: () => true, read: () => expect.fail('it was asked') };
    expect([...(await readState(file, [greedy])).keys()]).toEqual(['w']);
  });

  it('is named among the formats where none is recognised', async () => {
    await expect(readState(write('odd', 'odd'), [rows])).rejects.toMatchObject({
      message: 'expected a file of safetensors, PyTorch, NumPy or rows of bytes, found something else',
      hint: 'name a .safetensors, .pth, .pt, .row or .npz file, or a folder of .npy files',
    });
  });

  it.each([
    ['THROWS', 'read', 'I never liked numbers'],
    ['LISTS', 'read', 'expected a Map of arrays by name, found object'],
    ['SHORT', 'read', 'expected 4 numbers for "a" of 2×2, found 3'],
    ['DOUBLE', 'read', 'expected a Float32Array for "a", found Float64Array'],
    ['EMPTY', 'read', 'expected arrays, found none'],
  ])('that gives what it may not is named with the file (%s)', async (word, what, why) => {
    const { pack } = (await import(join(fixture('wayward'), 'index.js'))) as { pack: Pack };
    const file = write(`${word}.bad`, word);
    await expect(readState(file, pack.weightReaders)).rejects.toMatchObject({
      code: 'weights-reader-failed',
      message: `expected the reader "wayward/${word.toLowerCase()}" to ${what} the file, found that it failed: ${why}`,
      place: { file },
    });
  });

  it.each([
    ['THROWS', 'I never liked numbers'],
    ['SHORT', 'expected 4 numbers for "a" of 2×2, found 3'],
    ['LOOPS', 'it did not return within 3 s'],
    ['ENDS', 'it ended its process (exit 3)'],
  ])('reads in a process of its own, whatever it does there (%s)', async (word, why) => {
    const { pack } = (await import(join(fixture('wayward'), 'index.js'))) as { pack: Pack };
    const entry = { name: 'wayward', version: '0.1.0', folder: fixture('wayward'), modules: [join(fixture('wayward'), 'index.js')] };
    const [{ weightReaders }] = withReadersApart(entry, [pack], { limit: 3000 }) as [Pack];
    const file = write(`${word}.apart`, word);
    await expect(readState(file, weightReaders)).rejects.toMatchObject({
      code: 'weights-reader-failed',
      message: `expected the reader "wayward/${word.toLowerCase()}" to read the file, found that it failed: ${why}`,
      place: { file },
    });
  });

  it('whose `recognises` fails is named too', async () => {
    const broken: WeightReader = {
      ...rows,
      recognises: () => {
        throw new Error('no idea');
      },
    };
    await expect(readState(write('what', 'what'), [broken])).rejects.toMatchObject({ code: 'weights-reader-failed', message: expect.stringContaining('"acme/rows" to recognise the file, found that it failed: no idea') });
  });
});
