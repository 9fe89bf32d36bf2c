import { describe, expect, it } from 'vitest';
import { breathe } from '../../../server/runtime/breathe.ts';

describe('breathing between calls into TensorFlow', () => {
  it('lets what waits have its turn', async () => {
    const order: string[] = [];
    setImmediate(() => order.push('waited'));
    await breathe(undefined);
    order.push('went on');
    expect(order).toEqual(['waited', 'went on']);
  });

  it('ends what was cancelled, also what is cancelled meanwhile', async () => {
    const abort = new AbortController();
    await breathe(abort.signal);
    setImmediate(() => abort.abort());
    await expect(breathe(abort.signal)).rejects.toMatchObject({
      code: 'cancelled',
      hint: expect.stringContaining('run the same command again'),
    });
    await expect(breathe(abort.signal)).rejects.toMatchObject({ code: 'cancelled' });
  });
});
