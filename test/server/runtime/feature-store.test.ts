import { existsSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { FeatureStore } from '../../../server/runtime/feature-store.ts';
import { describeWith } from '../../support/needs.ts';
import { mountNeed, smallDisk, type SmallDisk } from '../../support/small-disk.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
let count = 0;
const newFolder = (): string => join(folder, `scratch-${count++}`);

/** Files of a folder that this process holds open, removed ones too. */
function openFilesIn(scratch: string): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      return target.startsWith(scratch) ? [target] : [];
    } catch {
      return []; // the descriptor that was listing
    }
  });
}

const row = (index: number, length = 3): Float32Array => Float32Array.from({ length }, (_, i) => index + i / 8);

describe.each([['in memory', 1e6], ['in a file', 0]])('a feature store, %s', (_, budget) => {
  it('gives what was written, in whatever order', () => {
    const store = new FeatureStore(budget, newFolder());
    const rows = store.create('train/teacher.layer1', 4, 3);
    for (const index of [2, 0, 3, 1]) rows.write(index, row(index));
    for (const index of [1, 3, 2, 0]) {
      const into = new Float32Array(3);
      store.get('train/teacher.layer1').read(index, into);
      expect(into).toEqual(row(index));
    }
    store.dispose();
  });

  it('reads into and writes from parts of larger arrays', () => {
    const store = new FeatureStore(budget, newFolder());
    const rows = store.create('key', 1, 2);
    rows.write(0, Float32Array.of(9, 1, 2, 9).subarray(1, 3));
    const into = new Float32Array(4);
    rows.read(0, into.subarray(2));
    expect([...into]).toEqual([0, 0, 1, 2]);
    store.dispose();
  });

  it('keeps values apart by key, and knows which it has', () => {
    const store = new FeatureStore(budget, newFolder());
    store.create('a', 1, 1).write(0, Float32Array.of(1));
    store.create('b', 1, 1).write(0, Float32Array.of(2));
    const into = new Float32Array(1);
    store.get('a').read(0, into);
    expect(into[0]).toBe(1);
    expect([store.has('a'), store.has('b'), store.has('c')]).toEqual([true, true, false]);
    expect(() => store.get('c')).toThrow('no features are kept for "c"');
    store.dispose();
    expect(store.has('a')).toBe(false);
  });
});

describe('the memory of a feature store', () => {
  it('is used as long as the budget lasts; what does not fit goes to a file, what fits after it does not', () => {
    const scratch = newFolder();
    // 40 bytes: the first takes 24, the second would take 24 and does not fit, the third takes 16.
    const store = new FeatureStore(40, scratch);
    store.create('first', 2, 3);
    expect(existsSync(scratch)).toBe(false);
    store.create('second', 2, 3);
    expect(openFilesIn(scratch)).toHaveLength(1);
    store.create('third', 2, 2);
    expect(openFilesIn(scratch)).toHaveLength(1);
    store.dispose();
  });
});

describe('the files of a feature store', () => {
  it('have no name, so that a killed process leaves none, and are closed at the end', () => {
    const scratch = newFolder();
    const store = new FeatureStore(0, scratch);
    store.create('a', 2, 3).write(1, row(1));
    store.create('b', 2, 3);
    expect(readdirSync(scratch)).toEqual([]);
    expect(openFilesIn(scratch)).toHaveLength(2);
    store.dispose();
    expect(openFilesIn(scratch)).toEqual([]);
  });

  it('tell of rows that were never written', () => {
    const store = new FeatureStore(0, newFolder());
    const rows = store.create('a', 2, 3);
    expect(() => rows.read(1, new Float32Array(3))).toThrow('have not been written');
    store.dispose();
  });

  it('that cannot be made are told with their folder', () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const store = new FeatureStore(0, join(file, 'scratch'));
    expect(() => store.create('a', 1, 1)).toThrow(
      expect.objectContaining({
        code: 'cannot-write',
        place: { file: join(file, 'scratch') },
        hint: 'set STILLROOM_CACHE to a folder on another disk, or run with --no-feature-cache',
      }),
    );
    store.dispose();
  });
});

describeWith(mountNeed(), 'features kept on a disk', () => {
  let disk: SmallDisk;
  beforeAll(() => void (disk = smallDisk(128)));

  it('that fills up say how much they take in all, and what else can be done', () => {
    const store = new FeatureStore(0, join(disk.path, 'scratch'));
    const rows = store.create('a', 100, 1000);
    const write = (): void => {
      for (let i = 0; i < 100; i++) rows.write(i, new Float32Array(1000).fill(i));
    };
    expect(write).toThrow(
      expect.objectContaining({
        code: 'disk-full',
        message: expect.stringMatching(/^expected 400 kB of room for features kept across epochs, found the disk full \(.* free\)$/),
        place: { file: join(disk.path, 'scratch') },
        hint: 'free some space there, set STILLROOM_CACHE to a folder on another disk, or run with --no-feature-cache',
      }),
    );
    store.dispose();
    disk.resize(1024);
    const again = new FeatureStore(0, join(disk.path, 'scratch')).create('a', 100, 1000);
    again.write(99, new Float32Array(1000).fill(7));
    const row = new Float32Array(1000);
    again.read(99, row);
    expect(row[999]).toBe(7);
  });
});
