import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Editor } from './editor.ts';

export interface Gesture {
  kind: 'pan' | 'zoom' | 'drag';
  /** Which way a zoom goes first, and for how many turns of the wheel; it comes back then. */
  zooms?: 'in' | 'out';
  turns?: number;
}

declare global {
  interface Window {
    recorder: { times: number[]; isOver: boolean };
  }
}

/** The mouse tells where it is so many times a second, as mice do; the browser makes one move of what comes in a frame. */
const rate = 125;
/** Turns of the wheel a second. */
const wheelRate = 60;

/**
 * Times between frames while somebody moves the mouse or turns its wheel for some seconds, ms. The pointer goes there and
 * back, so that nothing is changed in the end. Frames at whose beginning nothing came from the mouse do not count.
 */
export async function framesOf(page: Page, { kind, zooms = 'in', turns = 1 }: Gesture, editor: Editor, seconds: number): Promise<number[]> {
  const from = await (kind === 'drag' ? onANode : inTheOpen)(page, editor);
  await page.mouse.move(from.x, from.y);
  if (kind !== 'zoom') await page.mouse.down();
  await record(page, true);
  if (kind === 'zoom') {
    await steadily(wheelRate, Math.ceil((seconds * wheelRate) / turns / 2) * turns * 2, (i) => {
      const isBack = Math.floor(i / turns) % 2 === 1;
      return page.mouse.wheel(0, (zooms === 'in') === isBack ? 53 : -53);
    });
  } else {
    await steadily(rate, seconds * rate, (_, share) => {
      const way = 360 * (1 - Math.abs(1 - 2 * share));
      return page.mouse.move(from.x + way, from.y + way / 2);
    });
  }
  const times = await recorded(page);
  if (kind !== 'zoom') await page.mouse.up();
  return times;
}

/** Does something so many times, at a rate per second, whether what was done before has been answered or not. */
async function steadily(rate: number, times: number, act: (i: number, share: number) => Promise<unknown>): Promise<void> {
  const begun = performance.now();
  const acts: Promise<unknown>[] = [];
  for (let i = 0; i < times; i++) {
    await sleep(Math.max(0, begun + (1000 * i) / rate - performance.now()));
    acts.push(act(i, (i + 1) / times));
  }
  await Promise.all(acts);
}

/** The longest time between frames in the seconds after a node was dragged elsewhere and let go, ms. */
export async function frameOfDrop(page: Page, editor: Editor, seconds: number): Promise<number> {
  const { x, y } = await onANode(page, editor);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 48, y + 24, { steps: 4 });
  const [longest] = await Promise.all([longestFrame(page, seconds), page.mouse.up()]);
  return longest;
}

/** The longest time between frames from now on, ms. */
export async function longestFrame(page: Page, seconds: number): Promise<number> {
  await record(page, false);
  await page.waitForTimeout(1000 * seconds);
  return Math.max(...(await recorded(page)));
}

async function record(page: Page, onMoves: boolean): Promise<void> {
  await page.evaluate(async (onMoves) => {
    const recorder = (window.recorder = { times: [] as number[], isOver: false });
    let [moved, wasMoved, before] = [false, false, await new Promise<number>(requestAnimationFrame)];
    const listener = (): void => void (moved = true);
    for (const kind of ['pointermove', 'wheel']) window.addEventListener(kind, listener, { capture: true, passive: true });
    requestAnimationFrame(function frame(now) {
      // Moves come at the beginning of a frame: what they cost is between it and the next.
      if (!onMoves || wasMoved) recorder.times.push(now - before);
      [wasMoved, moved, before] = [moved, false, now];
      if (!recorder.isOver) return void requestAnimationFrame(frame);
      for (const kind of ['pointermove', 'wheel']) window.removeEventListener(kind, listener, { capture: true });
    });
  }, onMoves);
}

async function recorded(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    window.recorder.isOver = true;
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return window.recorder.times;
  });
}

/** A place near the middle where there is neither a node nor a wire. */
function inTheOpen(page: Page, { area, node, wire }: Editor): Promise<{ x: number; y: number }> {
  return page.evaluate(
    ({ area, node, wire }) => {
      const { x, y, width, height } = document.querySelector(area)!.getBoundingClientRect();
      for (let away = 0; away < height / 3; away += 2) {
        for (let turn = 0; turn < 12; turn++) {
          const at = { x: x + width / 2 + away * Math.cos(turn), y: y + height / 2 + away * Math.sin(turn) };
          const there = document.elementFromPoint(at.x, at.y);
          if (there?.closest(area) && !there.closest(`${node}, ${wire}`)) return at;
        }
      }
      throw new Error('expected a place without nodes and wires near the middle, found none');
    },
    { area, node, wire },
  );
}

/** The place by which a node near the middle is taken hold of: its title. */
async function onANode(page: Page, { area, node, picture, pictured }: Editor): Promise<{ x: number; y: number }> {
  if (picture && pictured && (await page.locator(picture).count()) > 0) return pictured(page);
  return page.evaluate(
    ({ area, node }) => {
      const seen = document.querySelector(area)!.getBoundingClientRect();
      const awayOf = (one: DOMRect): number => Math.hypot(one.x + one.width / 2 - seen.x - seen.width / 2, one.y + one.height / 2 - seen.y - seen.height / 2);
      const all = [...document.querySelectorAll(node)].map((one) => ({ one, box: one.getBoundingClientRect() })).filter(({ box }) => box.width > 0);
      for (const { one, box } of all.sort((a, b) => awayOf(a.box) - awayOf(b.box))) {
        const at = { x: box.x + box.width / 2, y: box.y + 0.15 * box.height };
        if (document.elementFromPoint(at.x, at.y)?.closest(node) === one) return at;
      }
      throw new Error('expected a node that can be taken hold of, found none');
    },
    { area, node },
  );
}
