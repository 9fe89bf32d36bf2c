import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { JobStore } from '../../../server/queue/job-store.ts';
import { RunIndex, type Entry } from '../../../server/queue/run-index.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder();
const manifest = { status: 'done', started: '2026-01-01T00:00:00.000Z', ended: '2026-01-01T00:01:00.000Z', seed: 3, problem: null, graph: { name: 'Dual', logic: 'abc' }, data: { sha256: 'def' } };
const metrics = { bottle: { imageAuroc: 0.9, pixelAuroc: null, aupro: 0.5, results: { detection: {} } } };

describe('the index of runs', () => {
  let home: string;
  beforeEach(() => void (home = mkdtempSync(join(root, 'runs-'))));
  const put = (id: string, files: Record<string, unknown>): void => {
    mkdirSync(join(home, id), { recursive: true });
    for (const [name, content] of Object.entries(files)) writeFileSync(join(home, id, name), typeof content === 'string' ? content : JSON.stringify(content));
  };
  /** As a server that was just started sees them. */
  const seen = async (): Promise<Record<string, Entry>> => {
    const index = new RunIndex(new JobStore(home));
    const entries = await index.entries();
    await index.settle();
    return Object.fromEntries(entries);
  };

  it('has what the weights of a run permit one to conclude, each once', async () => {
    put('a', { 'manifest.json': { ...manifest, weights: ['one', 'one', null, 'two'].map((caution) => ({ node: 'teacher', caution })) } });
    expect(await seen()).toMatchObject({ a: { recorded: { cautions: ['one', 'two'] } } });
  });

  it('has of each run what its files tell, in short', async () => {
    put('a', { 'manifest.json': manifest, 'metrics.json': metrics });
    expect(await seen()).toEqual({
      a: {
        recorded: { graph: 'Dual', logic: 'abc', seed: 3, status: 'done', started: manifest.started, ended: manifest.ended, problem: null, data: 'def', cautions: [], metrics: { bottle: { imageAuroc: 0.9, pixelAuroc: null, aupro: 0.5 } } },
        isHeld: false,
        problem: null,
      },
    });
  });

  it('leaves out folders that hold no run, hidden ones and files', async () => {
    put('empty', {});
    put('notes', { 'readme.txt': 'x' });
    put('.hidden', { 'manifest.json': manifest });
    writeFileSync(join(home, 'file'), '');
    expect(await seen()).toEqual({});
  });

  it('has one that was asked for and has not begun', async () => {
    put('asked', { 'job.json': {} });
    expect(await seen()).toEqual({ asked: { recorded: null, isHeld: false, problem: null } });
  });

  it.each([
    ['a manifest that is torn', { 'manifest.json': '{"status": ' }, 'run-folder-corrupt', 'manifest.json', null],
    ['a manifest of something else', { 'manifest.json': { status: 'perhaps' } }, 'run-folder-corrupt', 'manifest.json', null],
    ['metrics that are torn', { 'manifest.json': manifest, 'metrics.json': '{' }, 'run-folder-corrupt', 'metrics.json', { graph: 'Dual', metrics: {} }],
    ['metrics of something else', { 'manifest.json': manifest, 'metrics.json': { bottle: { imageAuroc: 'good' } } }, 'run-folder-corrupt', 'metrics.json', { graph: 'Dual', metrics: {} }],
    ['an order that was set aside', { 'manifest.json': manifest, 'job.json.broken-1': '{' }, 'job-broken', 'job.json.broken-1', { graph: 'Dual' }],
  ])('tells of %s, and has the others all the same', async (_what, files, code, file, recorded) => {
    put('bad', files);
    put('good', { 'manifest.json': manifest });
    expect(await seen()).toMatchObject({ bad: { problem: { code, file: join(home, 'bad', file) }, recorded }, good: { problem: null, recorded: { graph: 'Dual' } } });
  });

  it('reads again what was changed, forgets what was deleted, finds what was copied', async () => {
    put('a', { 'manifest.json': manifest });
    put('b', { 'manifest.json': manifest });
    const index = new RunIndex(new JobStore(home));
    expect([...(await index.entries()).keys()].sort()).toEqual(['a', 'b']);
    put('a', { 'manifest.json': { ...manifest, status: 'failed' } });
    rmSync(join(home, 'b'), { recursive: true });
    cpSync(join(home, 'a'), join(home, 'c'), { recursive: true });
    // Half a second later it does so by itself; what it found before somebody knew better does not count.
    const old = index.entries();
    index.forget();
    expect(Object.fromEntries(await index.entries())).toMatchObject({ a: { recorded: { status: 'failed' } }, c: { recorded: { status: 'failed' } } });
    await old;
    expect((await index.entries()).has('b')).toBe(false);
  });

  it('reads no run again that has not changed since an earlier start, and all where its file is gone or torn', async () => {
    put('a', { 'manifest.json': manifest });
    const before = await seen();
    const kept = JSON.parse(readFileSync(join(home, 'index.json'), 'utf8')) as Record<string, { recorded: { graph: string } }>;
    // What it believes shows that it has not looked: the file has the stamp that it had.
    kept['a']!.recorded.graph = 'believed';
    writeFileSync(join(home, 'index.json'), JSON.stringify(kept));
    expect(await seen()).toMatchObject({ a: { recorded: { graph: 'believed' } } });
    for (const spoil of [() => writeFileSync(join(home, 'index.json'), '{"a": '), () => rmSync(join(home, 'index.json'))]) {
      spoil();
      expect(await seen()).toEqual(before);
    }
    utimesSync(join(home, 'a', 'manifest.json'), 0, 0);
    expect(await seen()).toEqual(before);
  });

  it('says of one that was at work whether a process still is', async () => {
    put('gone', { 'manifest.json': { ...manifest, status: 'running' } });
    put('there', { 'manifest.json': { ...manifest, status: 'running' }, '.run.lock': { pid: process.ppid, host: (await import('node:os')).hostname() } });
    expect(await seen()).toMatchObject({ gone: { isHeld: false }, there: { isHeld: true } });
  });
});
