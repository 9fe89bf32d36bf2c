import { describe, expect, it } from 'vitest';
import { PreviewQueue } from '../../../server/interactive/preview-queue.ts';
import type { PreviewTask } from '../../../server/interactive/preview-task.ts';
import type { WorkerProcess } from '../../../server/interactive/worker-process.ts';

/** A queue before a process that answers with the task's own name as soon as it is let. */
function queue() {
  const open: (() => void)[] = [];
  const worker = { ask: (_kind: string, task: unknown) => new Promise((resolve) => open.push(() => resolve(task))) } as unknown as WorkerProcess;
  const previews = new PreviewQueue(worker);
  const ask = (name: string, client?: string, turn?: number): Promise<unknown> =>
    previews.ask(name as unknown as PreviewTask, { client, turn, gone: new AbortController().signal }).then(
      (answer) => answer,
      (error: { code: string }) => error.code,
    );
  const letAll = async (): Promise<void> => {
    for (let i = 0; i < 10; i++) {
      open.splice(0).forEach((go) => go());
      await new Promise(setImmediate);
    }
  };
  return { ask, letAll };
}

describe('previews that wait', () => {
  it('of one client give way to its newest', async () => {
    const { ask, letAll } = queue();
    const asked = [ask('first', 'a'), ask('second', 'a'), ask('third', 'a')];
    await letAll();
    expect(await Promise.all(asked)).toEqual(['superseded', 'superseded', 'third']);
  });

  it('of one client give way to its newest by its own count, however they arrive', async () => {
    const { ask, letAll } = queue();
    const asked = [ask('first', 'a', 1), ask('third', 'a', 3), ask('second', 'a', 2)];
    await letAll();
    expect(await Promise.all(asked)).toEqual(['superseded', 'third', 'superseded']);
  });

  it('of several clients, and of those without a name, are all answered', async () => {
    const { ask, letAll } = queue();
    const asked = [ask('one', 'a', 5), ask('other', 'b', 1), ask('nobody'), ask('nobody else')];
    await letAll();
    expect(await Promise.all(asked)).toEqual(['one', 'other', 'nobody', 'nobody else']);
  });
});
