import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, describe, it } from 'vitest';
import type { RunEvent } from '../../../server/runtime/events.ts';
import { RunFolder } from '../../../server/runs/run-folder.ts';
import { RunLog } from '../../../server/runs/run-log.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder();
let count = 0;

const epoch = (n: number): RunEvent => ({
  type: 'epoch',
  category: 'bottle',
  fit: 'fit',
  epochs: 9,
  epoch: n,
  trainLoss: 0.5 / n,
  validationLoss: 1 / 3,
  rate: 0.005,
  isBest: true,
});

describe('the log of a run', () => {
  const linesOf = (folder: RunFolder): unknown[] =>
    readFileSync(folder.file('metrics.jsonl'), 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line) as unknown);

  it('has categories, epochs and what fits came to, in their order, and nothing else', async () => {
    const folder = new RunFolder(join(root, String(count++)));
    const log = new RunLog(folder);
    const kept: RunEvent[] = [
      { type: 'category', category: 'bottle', index: 1, total: 1, train: 2, validation: 1, test: 3, fits: [] },
      ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map(epoch),
      { type: 'fitted', category: 'bottle', fit: 'fit', bestEpoch: 9, bestLoss: 0.1, stopped: 'epochs' },
    ];
    for (const event of kept) {
      log.add({ type: 'step', category: 'bottle', fit: 'fit', epoch: 1, step: 1, steps: 1, loss: 1, rate: 1 });
      log.add({ type: 'resumed', category: 'bottle', fit: 'fit', epoch: 1 });
      log.add(event);
    }
    await log.settle();
    expect(linesOf(folder)).toEqual(kept);
  });

  it('begins anew over what an earlier process logged', async () => {
    const folder = new RunFolder(join(root, String(count++)));
    mkdirSync(folder.path);
    writeFileSync(folder.file('metrics.jsonl'), '{"type":"epoch","epo');
    const log = new RunLog(folder);
    log.add(epoch(1));
    await log.settle();
    expect(linesOf(folder)).toEqual([epoch(1)]);
  });

  it('tells in the end what kept it from being written', async () => {
    writeFileSync(join(root, 'a-file'), '');
    const log = new RunLog(new RunFolder(join(root, 'a-file', 'run')));
    log.add(epoch(1));
    await expect(log.settle()).rejects.toMatchObject({ code: 'cannot-write' });
  });
});
