import { describe, expect, it } from 'vitest';
import { Ahead } from '../../../server/predict/ahead.ts';

const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

async function* count(to: number): AsyncGenerator<number> {
  for (let i = 0; i < to; i++) yield i;
}

describe('work that is done ahead', () => {
  it('gives its results in order, however long each takes, and undefined at the end', async () => {
    const ahead = new Ahead(count(5), 3, async (i) => {
      if (i % 2 === 0) await later();
      return i * 10;
    });
    const found = [];
    for (let next = await ahead.next(); next !== undefined; next = await ahead.next()) found.push(next);
    expect(found).toEqual([0, 10, 20, 30, 40]);
    expect(await ahead.next()).toBeUndefined();
  });

  it('goes no further ahead than it may', async () => {
    const begun: number[] = [];
    const ahead = new Ahead(count(9), 2, async (i) => {
      begun.push(i);
      return i;
    });
    await later();
    expect([begun, ahead.waiting]).toEqual([[0, 1], 2]);
    await ahead.next();
    await later();
    expect(begun).toEqual([0, 1, 2]);
  });

  it('does not wait for the next value to give what it has', async () => {
    let more: () => void = () => {};
    async function* slow(): AsyncGenerator<number> {
      yield 1;
      await new Promise<void>((resolve) => (more = resolve));
      yield 2;
    }
    const ahead = new Ahead(slow(), 4, async (i) => i);
    expect(await ahead.next()).toBe(1);
    const second = ahead.next();
    await later();
    expect(ahead.waiting).toBe(0);
    more();
    expect(await second).toBe(2);
  });

  it('tells what goes wrong with its source, after what came before', async () => {
    async function* broken(): AsyncGenerator<number> {
      yield 1;
      throw new Error('no more');
    }
    const ahead = new Ahead(broken(), 4, async (i) => i);
    expect(await ahead.next()).toBe(1);
    await expect(ahead.next()).rejects.toThrow('no more');
  });
});
