import { existsSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ByteLru } from '../../../server/interactive/byte-lru.ts';
import { KeptFolders } from '../../../server/interactive/kept-folders.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('values within a budget', () => {
  it('go when others take their room, those longest unused first', () => {
    const gone: string[] = [];
    const kept = new ByteLru<string>(6, ({ length }) => length, (value) => gone.push(value));
    kept.set('a', 'aa');
    kept.set('b', 'bb');
    kept.set('c', 'cc');
    expect(kept.get('a')).toBe('aa');
    kept.set('d', 'dd');
    expect(gone).toEqual(['bb']);
    expect(kept.bytes).toBe(6);
    kept.set('e', 'too large');
    expect(kept.bytes).toBe(0);
    expect(kept.get('e')).toBeUndefined();
    expect(gone).toHaveLength(5);
  });

  it('are replaced under their key', () => {
    const kept = new ByteLru<number>(10, (value) => value);
    kept.set('a', 4);
    kept.set('a', 6);
    expect([kept.bytes, kept.get('a')]).toEqual([6, 6]);
    kept.clear();
    expect(kept.bytes).toBe(0);
  });
});

describe('folders that are kept', () => {
  it('go beyond the limits, the oldest first, but none that is being filled', async () => {
    const kept = new KeptFolders(mkdtempSync(join(temporaryFolder(), 'kept-')), { files: 2, bytes: 100 });
    const made: { id: string; folder: string }[] = [];
    for (const [i, bytes] of [10, 10, 10].entries()) {
      const one = await kept.begin();
      writeFileSync(join(one.folder, '0'), Buffer.alloc(bytes));
      utimesSync(one.folder, 1000 + i, 1000 + i);
      made.push(one);
      if (i !== 1) await kept.keep(one.id);
    }
    expect(made.map(({ folder }) => existsSync(folder))).toEqual([true, true, true]);
    await kept.keep(made[1]!.id);
    expect(made.map(({ folder }) => existsSync(folder))).toEqual([false, true, true]);
    const large = await kept.begin();
    writeFileSync(join(large.folder, '0'), Buffer.alloc(1000));
    await kept.keep(large.id);
    expect([...made, large].map(({ folder }) => existsSync(folder))).toEqual([false, false, false, true]);
    await kept.abandon(large.id);
    expect(existsSync(large.folder)).toBe(false);
  });
});
