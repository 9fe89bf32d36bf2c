import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { EventLog, readEvents } from '../../../server/queue/event-log.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder();
const newFile = (): string => join(mkdtempSync(join(root, 'log-')), 'events.jsonl');
const numbered = (log: { seq: number; event: { type: string } }[]): string[] => log.map(({ seq, event }) => `${seq} ${event.type}`);

async function logOf(file: string, count: number): Promise<EventLog> {
  const log = await EventLog.open(file);
  for (let i = 0; i < count; i++) log.add({ type: `e${i}` });
  await log.settle();
  return log;
}

describe('the log of a run', () => {
  it('numbers events from one without a gap, and gives those after a number', async () => {
    const log = await logOf(newFile(), 5);
    expect(log.last).toBe(5);
    expect(numbered(await log.after(2, 2))).toEqual(['3 e2', '4 e3']);
    expect(await log.after(5, 10)).toEqual([]);
  });

  it('tells no event before the disk has it', async () => {
    const file = newFile();
    const log = await EventLog.open(file);
    const seen: number[] = [];
    log.listen((last) => {
      expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(last);
      seen.push(last);
    });
    log.add({ type: 'a' });
    expect(log.last).toBe(0);
    await log.settle();
    expect(seen).toEqual([1]);
  });

  it('goes on where a killed process has left it, half a line cut off', async () => {
    const file = newFile();
    await logOf(file, 3);
    appendFileSync(file, '{"seq":4,"at":"2026');
    const log = await EventLog.open(file);
    expect(log.last).toBe(3);
    log.add({ type: 'next' });
    await log.settle();
    expect(numbered(await readEvents(file, 0, 100))).toEqual(['1 e0', '2 e1', '3 e2', '4 next']);
  });

  it('finds its last event behind a long one', async () => {
    const file = newFile();
    const long = { seq: 7, at: '', event: { type: 'x'.repeat(300_000) } };
    writeFileSync(file, `${JSON.stringify({ ...long, seq: 6 })}\n${JSON.stringify(long)}\n`);
    expect((await EventLog.open(file)).last).toBe(7);
  });

  it('reads what it does not remember from the disk, in order', async () => {
    const log = await logOf(newFile(), 5000);
    expect(numbered(await log.after(0, 3))).toEqual(['1 e0', '2 e1', '3 e2']);
    expect(numbered(await log.after(4998, 10))).toEqual(['4999 e4998', '5000 e4999']);
  });

  it('reads on from where a reader has come to, as it would from the beginning', async () => {
    const file = newFile();
    const log = await logOf(file, 1000);
    log.rest();
    const seen: string[] = [];
    for (let after = 0; after < 1000; after += 170) seen.push(...numbered(await log.after(after, 170)));
    expect(seen).toEqual(numbered(await readEvents(file, 0, 1000)));
    log.add({ type: 'ä' });
    log.add({ type: 'last' });
    await log.settle();
    log.rest();
    expect(numbered(await log.after(1000, 1))).toEqual(['1001 ä']);
    expect(numbered(await log.after(1001, 9))).toEqual(['1002 last']);
  });

  it('begins anew where nothing of it can be read', async () => {
    const file = newFile();
    writeFileSync(file, 'no log at all\n');
    expect((await logOf(file, 1)).last).toBe(1);
  });

  it('keeps what a disk does not take until it does, its order and its numbers kept', async () => {
    const file = newFile();
    const log = await logOf(file, 1);
    // A folder that has gone stands for a disk that takes nothing.
    const folder = join(file, '..');
    rmSync(folder, { recursive: true });
    log.add({ type: 'kept' });
    log.add({ type: 'too' });
    await log.settle();
    expect(log.last).toBe(1);
    mkdirSync(folder);
    await vi.waitFor(() => expect(log.last).toBe(3), 5000);
    expect(numbered(await readEvents(file, 1, 10))).toEqual(['2 kept', '3 too']);
  });
});
