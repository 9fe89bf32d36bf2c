import { describe, expect, it } from 'vitest';
import { sendOnErrand } from '../../../server/processes/errand.ts';

const module = new URL('./errand-process.ts', import.meta.url);
const errand = (what: string, onNews?: (news: string) => void): ReturnType<typeof sendOnErrand<{ what: string }, string, number>> =>
  sendOnErrand<{ what: string }, string, number>(module, { what }, onNews);

describe('work of another process', () => {
  it('gives its result, and what is due of its news', async () => {
    const news: string[] = [];
    expect(await errand('sum', (one) => void news.push(one)).done).toBe(5050);
    expect(news).toContain('halfway');
    expect(news.length).toBeLessThan(20);
  });

  it('throws what it throws, with place, hint and all problems', async () => {
    await expect(errand('refuse').done).rejects.toMatchObject({ code: 'no-images', place: { file: 'x' }, hint: 'look', problems: [{ code: 'one' }, { code: 'two' }] });
  });

  it('that has a defect says which', async () => {
    await expect(errand('break').done).rejects.toThrow(/^broken$/);
  });

  it('whose process is killed, or ends, says how', async () => {
    await expect(errand('die').done).rejects.toMatchObject({ code: 'process-ended', message: expect.stringContaining('SIGKILL') as string });
    await expect(errand('exit').done).rejects.toMatchObject({ code: 'process-ended', message: expect.stringContaining('exit 3') as string });
  });

  it('is ended at once', async () => {
    const endless = errand('wait');
    setTimeout(() => endless.cancel(), 50);
    await expect(endless.done).rejects.toMatchObject({ code: 'cancelled' });
  });
});
