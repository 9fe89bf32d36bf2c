import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RunFolder } from '../../../server/runs/run-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder();
let count = 0;
const newPath = (): string => join(root, String(count++));

const manifest = { identity: 'one', started: '2026-01-01T00:00:00.000Z', resumed: [], seed: 3, graph: { name: 'Shallow model', logic: 'x' } };

/** A folder with these files. */
function folderWith(files: Record<string, string>): string {
  const path = newPath();
  mkdirSync(path);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}

describe('a run folder is claimed', () => {
  it('where there is none, which makes it, and by one process at a time', async () => {
    const path = newPath();
    const folder = new RunFolder(path);
    expect(await folder.claim('one')).toBeNull();
    expect(readdirSync(path)).toEqual(['.run.lock']);
    await folder.writeJson('manifest.json', manifest);
    await folder.release();
    expect(readdirSync(path)).toEqual(['manifest.json']);
    expect(await new RunFolder(path).claim('one')).toMatchObject(manifest);
  });

  it('by one of two that ask at once, whatever the other finds', async () => {
    for (let i = 0; i < 20; i++) {
      const path = newPath();
      const claims = await Promise.allSettled(
        ['one', 'two'].map(async (identity) => {
          const folder = new RunFolder(path);
          await folder.claim(identity);
          await folder.writeJson('manifest.json', { ...manifest, identity });
          await folder.release();
        }),
      );
      const refused = claims.flatMap((claim) => (claim.status === 'rejected' ? [(claim.reason as { code: string }).code] : []));
      expect(refused).toHaveLength(1);
      expect(['run-folder-busy', 'run-folder-taken']).toContain(refused[0]);
      expect(readdirSync(path)).toEqual(['manifest.json']);
    }
  });

  it('where a killed process has left its lock', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const path = folderWith({ '.run.lock': JSON.stringify({ pid: dead, host: hostname() }) });
    expect(await new RunFolder(path).claim('one')).toBeNull();
  });

  it('where it is empty', async () => {
    expect(await new RunFolder(folderWith({})).claim('one')).toBeNull();
  });

  it('where an earlier part of this very run is, which it gives', async () => {
    const path = folderWith({ 'manifest.json': JSON.stringify({ ...manifest, status: 'cancelled' }), 'graph.json': '{}' });
    expect(await new RunFolder(path).claim('one')).toMatchObject({ started: manifest.started, resumed: [], seed: 3 });
    expect(readdirSync(path).sort()).toEqual(['.run.lock', 'graph.json', 'manifest.json']);
  });

  it('where a run was killed before its manifest was whole; what it left is removed', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const path = folderWith({ [`.graph.json.${dead}-0123abcd.tmp`]: '{' });
    expect(await new RunFolder(path).claim('one')).toBeNull();
    expect(readdirSync(path)).toEqual(['.run.lock']);
  });

  it('with what killed writes of an earlier part left removed, in its categories too', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const path = folderWith({ 'manifest.json': JSON.stringify(manifest) });
    mkdirSync(join(path, 'bottle', 'checkpoints'), { recursive: true });
    writeFileSync(join(path, 'bottle', 'checkpoints', `.fit.last.safetensors.${dead}-0123abcd.tmp`), 'half');
    writeFileSync(join(path, 'bottle', 'checkpoints', 'fit.best.safetensors'), 'whole');
    await new RunFolder(path).claim('one');
    expect(readdirSync(join(path, 'bottle', 'checkpoints'))).toEqual(['fit.best.safetensors']);
  });
});

describe('a run folder is refused, and left as it is,', () => {
  const taken = (path: string, found: string) => ({
    code: 'run-folder-taken',
    message: `expected an empty folder or an earlier part of this very run, found ${found}`,
    place: { file: path },
    hint: 'choose another --out',
  });

  it('where another run is', async () => {
    const path = folderWith({ 'manifest.json': JSON.stringify(manifest) });
    const found = 'a run of "Shallow model", seed 3, with another seed, graph, data, weights, settings or version of Stillroom';
    await expect(new RunFolder(path).claim('two')).rejects.toMatchObject(taken(path, found));
    expect(readFileSync(join(path, 'manifest.json'), 'utf8')).toBe(JSON.stringify(manifest));
  });

  it('where files are that are no run', async () => {
    const one = folderWith({ 'notes.txt': 'mine' });
    await expect(new RunFolder(one).claim('one')).rejects.toMatchObject(taken(one, 'a file that is no run: notes.txt'));
    const two = folderWith({ 'a.txt': '', 'b.txt': '' });
    await expect(new RunFolder(two).claim('one')).rejects.toThrow(/found files that are no run: [ab]\.txt$/);
    expect(readdirSync(two).sort()).toEqual(['a.txt', 'b.txt']);
  });

  it.each(['', 'no JSON', '[]', '{"identity": "one"}', '{"identity": 1}'])('where the manifest is none: %s', async (text) => {
    const path = folderWith({ 'manifest.json': text });
    await expect(new RunFolder(path).claim('one')).rejects.toMatchObject({
      code: 'run-folder-corrupt',
      place: { file: join(path, 'manifest.json') },
    });
    expect(readFileSync(join(path, 'manifest.json'), 'utf8')).toBe(text);
  });

  it('where its path is a file, or goes through one', async () => {
    const file = join(folderWith({ 'a-file': '' }), 'a-file');
    for (const path of [file, join(file, 'run')]) {
      await expect(new RunFolder(path).claim('one')).rejects.toMatchObject({ code: 'cannot-write', place: { file: path } });
    }
  });
});

describe('the files of a run folder', () => {
  it('are written whole: JSON to be read by people, text as it is', async () => {
    const folder = new RunFolder(newPath());
    await folder.writeJson('metrics.json', { bottle: { aupro: 0.5 } });
    await folder.writeText('graph.json', 'text');
    expect(readFileSync(folder.file('metrics.json'), 'utf8')).toBe('{\n  "bottle": {\n    "aupro": 0.5\n  }\n}\n');
    expect(readFileSync(folder.file('graph.json'), 'utf8')).toBe('text');
  });

  it('that are logs grow line by line', async () => {
    const folder = new RunFolder(newPath());
    await folder.claim('one');
    await folder.append('log.jsonl', { a: 1 });
    await folder.append('log.jsonl', { b: 'x\ny' });
    expect(readFileSync(folder.file('log.jsonl'), 'utf8')).toBe('{"a":1}\n{"b":"x\\ny"}\n');
  });

  it('that cannot be written are named', async () => {
    const file = join(folderWith({ 'a-file': '' }), 'a-file');
    const folder = new RunFolder(join(file, 'run'));
    const refused = (name: string) => ({ code: 'cannot-write', place: { file: join(file, 'run', name) } });
    await expect(folder.writeText('graph.json', '')).rejects.toMatchObject(refused('graph.json'));
    await expect(folder.append('metrics.jsonl', {})).rejects.toMatchObject(refused('metrics.jsonl'));
  });

  it.each([
    ['bottle', 'bottle'],
    ['Schraube – groß', 'Schraube %E2%80%93 groß'],
    ['螺丝 2.1', '螺丝 2.1'],
    ['a/b', 'a%2Fb'],
    ['a\\b:c*"<>|?', 'a%5Cb%3Ac*%22%3C%3E%7C%3F'],
    ['100%', '100%25'],
    ['..', '%2E%2E'],
    ['.', '%2E'],
    ['.run.lock', '%2Erun.lock'],
    ['nut. ', 'nut.%20'],
    ['', '%'],
    ['new\nline', 'new%0Aline'],
  ])('of the category "%s" are in "%s"', (category, expected) => {
    const folder = new RunFolder('/runs/one');
    expect(folder.categoryFile(category, 'scores.csv')).toBe(`/runs/one/${expected}/scores.csv`);
    expect(basename(folder.checkpointStem('c', category))).toBe(expected);
  });

  it.each(['manifest.json', 'graph.json', 'metrics.json', 'METRICS.JSONL', 'report.html', 'compare.csv', 'events.out.tfevents.1.host'])(
    'of the category "%s" are not where the run has a file of that name',
    (category) => {
      const name = basename(new RunFolder('/runs/one').categoryFile(category));
      expect(name.toLowerCase()).not.toBe(category.toLowerCase());
      expect(decodeURIComponent(name)).toBe(category);
    },
  );

  it('of a run are called so that no category is', async () => {
    await expect(new RunFolder(newPath()).writeText('bottle', '')).rejects.toBeInstanceOf(RangeError);
    await expect(new RunFolder(newPath()).append('screw.v2', {})).rejects.toBeInstanceOf(RangeError);
  });

  it('of different categories are in different folders', () => {
    const names = ['a/b', 'a%2Fb', 'a%252Fb', 'a b', 'a_b', '.', '%.', '..', '%..', '%2E', 'a.', 'a%2E', 'a.json', 'a%2Ejson', '', '%', 'é', 'e\u0301'];
    const folders = names.map((name) => new RunFolder('/runs/one').categoryFile(name));
    expect(new Set(folders).size).toBe(names.length);
  });
});
