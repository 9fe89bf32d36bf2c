import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRowFile } from '../../../server/predict/row-file.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();

describe('a file that is written row by row', () => {
  it('has its name once it is whole', async () => {
    const file = join(folder, 'new', 'rows.csv');
    const rows = await openRowFile(file);
    await rows.write('a\n');
    await rows.write('b\n');
    expect(readdirSync(join(folder, 'new'))).not.toContain('rows.csv');
    await rows.end();
    expect(readFileSync(file, 'utf8')).toBe('a\nb\n');
    expect(readdirSync(join(folder, 'new'))).toEqual(['rows.csv']);
  });

  it('that is abandoned leaves what was there, and nothing else', async () => {
    mkdirSync(join(folder, 'kept'));
    const file = join(folder, 'kept', 'rows.csv');
    writeFileSync(file, 'earlier');
    const rows = await openRowFile(file);
    await rows.write('later\n');
    await rows.abandon();
    expect(readFileSync(file, 'utf8')).toBe('earlier');
    expect(readdirSync(join(folder, 'kept'))).toEqual(['rows.csv']);
  });

  it('that cannot be opened says so at once', async () => {
    writeFileSync(join(folder, 'a-file'), '');
    await expect(openRowFile(join(folder, 'a-file', 'rows.csv'))).rejects.toMatchObject({ code: 'cannot-write' });
  });
});
