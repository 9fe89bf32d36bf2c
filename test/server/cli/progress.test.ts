import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { drawProgress } from '../../../server/cli/progress.ts';

let told = '';
function stream(properties: object): NodeJS.WriteStream {
  const made = new PassThrough();
  made.on('data', (text: Buffer) => (told += text.toString()));
  return Object.assign(made, properties) as unknown as NodeJS.WriteStream;
}

beforeEach(() => {
  told = '';
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe('progress where there is no terminal', () => {
  const lines = (): string[] => told.split('\n').slice(0, -1);
  const plain = () => drawProgress(stream({ isTTY: false }));

  it('is one line for a step that is quickly done', () => {
    const drawer = plain();
    for (let done = 1; done <= 100; done++) drawer.show({ title: 'Looking at images', done, total: 100, unit: 'files' });
    expect(lines()).toEqual(['Looking at images: 100/100 files']);
  });

  it('shows that something goes on, every minute at least, in few lines an hour', () => {
    const drawer = plain();
    for (let second = 0; second < 3600; second++) {
      drawer.show({ title: 'fitting', done: second, total: 3600, unit: 'steps' });
      vi.advanceTimersByTime(1000);
    }
    expect(lines()[0]).toBe('fitting: 0 %, 2/3600 steps');
    expect(lines().length).toBeGreaterThan(59);
    expect(lines().length).toBeLessThan(70);
  });

  it('tells the beginning of what cannot be counted', () => {
    const drawer = plain();
    drawer.show({ title: 'Compiling tfjs_binding.node', done: 0, total: 1, unit: 'steps' });
    drawer.show({ title: 'Compiling tfjs_binding.node', done: 1, total: 1, unit: 'steps' });
    expect(lines()).toEqual(['Compiling tfjs_binding.node']);
  });

  it('shows bytes as megabytes', () => {
    plain().show({ title: 'Fetching', done: 274e6, total: 274e6, unit: 'bytes' });
    expect(lines()).toEqual(['Fetching: 274/274 MB']);
  });
});

describe('progress on a terminal', () => {
  const terminal = { isTTY: true, columns: 60, cursorTo: () => true, clearLine: () => true, moveCursor: () => true };
  /** What is drawn, without what moves the cursor. */
  const drawn = (): string[] => told.split('\u001b').map((part) => part.replace(/^(\[[\d;?]*[A-Za-z]|[78])/, '')).filter(Boolean);

  it('is one bar that fits into the line, with what is left', () => {
    const drawer = drawProgress(stream(terminal));
    drawer.show({ title: 'a long name of a category: fitting fit-student', done: 0, total: 4, unit: 'steps' });
    vi.advanceTimersByTime(2000);
    drawer.show({ title: 'a long name of a category: fitting fit-student', done: 2, total: 4, unit: 'steps' });
    vi.advanceTimersByTime(200);
    expect(drawn().at(-1)).toMatch(/^████████░░░░░░░░ {2}50 % {2}a long name of a category: /);
    for (const line of drawn()) expect(line.length).toBeLessThan(60);
    drawer.end();
  });

  it('gives the cursor back when it ends', () => {
    const drawer = drawProgress(stream(terminal));
    drawer.show({ title: 'scoring', done: 1, total: 4, unit: 'images' });
    drawer.end();
    const [hidden, shown] = ['\u001b[?25l', '\u001b[?25h'].map((code) => told.lastIndexOf(code));
    expect(hidden).toBeGreaterThan(-1);
    expect(shown).toBeGreaterThan(hidden!);
  });

  it('leaves notes standing', () => {
    const drawer = drawProgress(stream(terminal));
    drawer.show({ title: 'scoring', done: 1, total: 4, unit: 'images' });
    drawer.note('bottle: fitted');
    expect(told.endsWith('bottle: fitted\n')).toBe(true);
  });
});
