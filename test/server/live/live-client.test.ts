import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { LiveClient, type LiveBatch } from '../../../server/live/live-client.ts';
import { EventLog } from '../../../server/queue/event-log.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder();
const newLog = (): Promise<EventLog> => EventLog.open(join(mkdtempSync(join(root, 'log-')), 'events.jsonl'));

/** A client that takes a batch whenever it is let. */
function slowClient(): { client: LiveClient; batches: LiveBatch[]; take: () => Promise<void>; fail: () => Promise<void> } {
  const batches: LiveBatch[] = [];
  let settle: { resolve: () => void; reject: (error: Error) => void } | null = null;
  const client = new LiveClient((batch) => {
    batches.push(batch);
    return new Promise((resolve, reject) => (settle = { resolve, reject }));
  });
  return {
    client,
    batches,
    async take() {
      settle?.resolve();
      await sleep(5);
    },
    async fail() {
      settle?.reject(new Error('gone'));
      await sleep(5);
    },
  };
}

describe('a client', () => {
  it('is sent the newest state of each topic, those between left out while it is busy', async () => {
    const { client, batches, take } = slowClient();
    client.state('a', 1);
    for (let i = 2; i <= 9; i++) client.state('a', i);
    client.state('b', 1);
    await take();
    expect(batches.map(({ states }) => states)).toEqual([{ a: 1 }, { a: 9, b: 1 }]);
  });

  it('is sent every event after its number, each once, however slow it is', async () => {
    const log = await newLog();
    for (let i = 0; i < 1300; i++) log.add({ type: `e${i}` });
    await log.settle();
    const { client, batches, take } = slowClient();
    client.watch('run', log, 100);
    await vi.waitFor(() => expect(batches).toHaveLength(1));
    for (let i = 0; i < 50; i++) log.add({ type: 'later' });
    await log.settle();
    for (let i = 0; i < 4; i++) await take();
    const numbers = batches.flatMap(({ events }) => events['run']!.map(({ seq }) => seq));
    expect(numbers).toEqual(Array.from({ length: 1250 }, (_, i) => 101 + i));
    expect(Math.max(...batches.map(({ events }) => events['run']!.length))).toBeLessThanOrEqual(500);
  });

  it('that watches from elsewhere is told from there', async () => {
    const log = await newLog();
    for (let i = 0; i < 3; i++) log.add({ type: `e${i}` });
    await log.settle();
    const { client, batches, take } = slowClient();
    client.watch('run', log, 2);
    await take();
    client.watch('run', log, 0);
    await take();
    await take();
    expect(batches.map(({ events }) => events['run']!.map(({ seq }) => seq))).toEqual([[3], [1, 2, 3]]);
  });

  it('that has gone, or watches no longer, is sent nothing more', async () => {
    const log = await newLog();
    const [gone, other] = [slowClient(), slowClient()];
    gone.client.watch('run', log, 0);
    other.client.watch('run', log, 0);
    log.add({ type: 'a' });
    await log.settle();
    await vi.waitFor(() => expect([gone.batches.length, other.batches.length]).toEqual([1, 1]));
    await gone.fail();
    await other.take();
    other.client.unwatch('run');
    log.add({ type: 'b' });
    gone.client.state('a', 1);
    await log.settle();
    await sleep(10);
    expect([gone.batches.length, other.batches.length]).toEqual([1, 1]);
  });
});
