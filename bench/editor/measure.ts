import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { atShare } from '../at-share.ts';
import { frameOfDrop, framesOf, longestFrame, type Gesture } from './gestures.ts';
import type { Editor, Graph } from './editor.ts';

export interface Measured {
  /** From asking for the page until all is drawn, ms; and of that from the answer with the graph on. */
  opened: number[];
  drawn: number[];
  /** Times between frames, ms, by what is done. */
  frames: Map<string, number[]>;
  /** Longest time between frames after the graph is drawn, and after a node was dragged and let go, ms. */
  settled: number;
  dropped: number;
}

/** What is done, and with how much of the graph in view. */
export const gestures: readonly (Gesture & { name: string; isAllSeen: boolean })[] = [
  { name: 'pan', kind: 'pan', isAllSeen: false },
  { name: 'zoom', kind: 'zoom', zooms: 'out', turns: 10, isAllSeen: false },
  { name: 'drag', kind: 'drag', isAllSeen: false },
  { name: 'pan, all seen', kind: 'pan', isAllSeen: true },
  { name: 'zoom from there', kind: 'zoom', zooms: 'in', turns: 30, isAllSeen: true },
  { name: 'drag, all seen', kind: 'drag', isAllSeen: true },
];

/** Opens a graph and works on it, each so many times; of each gesture the round with the shortest frames is told. */
export async function measure(browser: Browser, editor: Editor, graph: Graph, { repeats, seconds }: { repeats: number; seconds: number }): Promise<Measured> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' });
  // tsx names the functions that it translates, with a helper that pages lack.
  await context.addInitScript('globalThis.__name = (one) => one');
  try {
    await editor.enter?.(context);
    const page = await context.newPage();
    page.on('pageerror', ({ message }) => process.stderr.write(`${editor.name}: ${message}\n`));
    const { address, data } = await editor.open(graph);
    // The first time fills the browser's cache.
    await timeOpening(page, address, data, editor, graph);
    const openings = [];
    for (let i = 0; i < repeats; i++) openings.push(await timeOpening(page, address, data, editor, graph));
    // What is found out about the graph after it is open is drawn too.
    const settled = await longestFrame(page, 4);
    const measured = new Map<string, number[]>();
    for (const { name, isAllSeen, ...gesture } of gestures) {
      const rounds: number[][] = [];
      for (let round = 0; round < repeats; round++) {
        await (isAllSeen ? editor.showAll(page) : editor.showAtReading(page));
        await sleep(800);
        rounds.push(await framesOf(page, gesture, editor, seconds));
      }
      measured.set(name, rounds.reduce((best, round) => (meanOf(round) < meanOf(best) ? round : best)));
    }
    await editor.showAtReading(page);
    const dropped = await frameOfDrop(page, editor, 3);
    return { opened: openings.map(([opened]) => opened), drawn: openings.map(([, drawn]) => drawn), frames: measured, settled, dropped };
  } finally {
    await context.close();
  }
}

/** The median and, in brackets, the 95th percentile. */
export const inWords = (times: readonly number[]): string => `${atShare(times, 0.5).toFixed(0)} (${atShare(times, 0.95).toFixed(0)})`;

const meanOf = (times: readonly number[]): number => times.reduce((sum, time) => sum + time, 0) / times.length;

/** Times, ms: from asking for the page until all is drawn, and from the answer with the graph until then. */
async function timeOpening(page: Page, address: string, data: string, { node, wire, picture }: Editor, { picture: { nodes, wires } }: Graph): Promise<[number, number]> {
  // Taking down what was open before is no part of it.
  await page.goto(new URL('/none.html', address).href);
  await page.goto(address, { waitUntil: 'commit' });
  const wanted = { node, wire, nodes: nodes.length, wires: wires.length, far: picture ?? null };
  const isThere = ({ node, wire, nodes, wires, far }: typeof wanted): boolean =>
    (document.querySelectorAll(node).length === nodes && document.querySelectorAll(wire).length === wires) || (far !== null && document.querySelector(far) !== null);
  await page.waitForFunction(isThere, wanted, { polling: 'raf', timeout: 180_000 });
  return page.evaluate(async (data) => {
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    const now = performance.now();
    const answer = (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).find(({ name }) => name.endsWith(data))!;
    return [now, now - answer.responseEnd];
  }, data);
}
