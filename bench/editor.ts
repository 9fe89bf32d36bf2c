import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { pino } from 'pino';
import { chromium, type Browser, type Page } from 'playwright-core';
import { serve, type Served } from '../server/api/serve.ts';
import { table } from '../server/cli/table.ts';
import { atShare } from './at-share.ts';
import { largeGraph } from './editor-graph.ts';

/**
 * `tsx bench/editor.ts`: how long graphs of many nodes take to open in a browser, and how long their frames last while
 * somebody works on them. Chromium draws in software, in a window of 1440×900. Nothing else should be at work.
 */
const { sizes, frames, repeats } = new Command('editor')
  .option('--sizes <n...>', 'nodes of the graphs', ['100', '500', '1000', '2000'])
  .option('--frames <n>', 'frames of each kind', Number, 90)
  .option('--repeats <n>', 'times that each is opened', Number, 3)
  .parse()
  .opts<{ sizes: string[]; frames: number; repeats: number }>();

const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

interface Measured {
  nodes: number;
  /** From asking for the page until all is drawn, ms. */
  opened: number[];
  /** Of that, from the answer with the document on. */
  drawn: number[];
  reading: number[];
  all: number[];
  zooming: number[];
  dragging: number[];
}

const folder = mkdtempSync(join(tmpdir(), 'stillroom-editor-'));
process.env['STILLROOM_CACHE'] ??= join(folder, 'cache');
const served = await serve({ home: folder, port: 0, host: '127.0.0.1', version: 'bench', provisionEngine: false, editor: true, log: pino({ level: 'silent' }) });
const browser = await chromium.launch({ executablePath: process.env['STILLROOM_CHROMIUM'] ?? '/usr/bin/chromium', args });
try {
  const measured: Measured[] = [];
  for (const size of sizes) measured.push(await measure(Number(size), browser, served));
  const times = (all: readonly number[]): string => `${atShare(all, 0.5).toFixed(0)} (${atShare(all, 0.95).toFixed(0)})`;
  const rows = measured.map((one) => [String(one.nodes), atShare(one.opened, 0.5).toFixed(0), atShare(one.drawn, 0.5).toFixed(0), times(one.reading), times(one.all), times(one.zooming), times(one.dragging)]);
  process.stdout.write(`${cpus().length} × ${cpus()[0]!.model}, Chromium ${browser.version()}\n`);
  process.stdout.write(`${table(['nodes', 'opened', 'drawn', 'pan at 1:1', 'pan, all seen', 'zoom', 'drag'], rows, [0, 1, 2, 3, 4, 5, 6])}\n`);
} finally {
  await browser.close();
  await served.close();
  rmSync(folder, { recursive: true, force: true });
}

async function measure(nodes: number, browser: Browser, { address, token }: Served): Promise<Measured> {
  const response = await fetch(`${address}/api/graphs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ document: largeGraph(nodes) }),
  });
  const { id } = (await response.json()) as { id: string };
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  // tsx names the functions that it translates, with a helper that pages lack.
  await context.addInitScript('globalThis.__name = (one) => one');
  const page = await context.newPage();
  page.on('pageerror', (error) => process.stderr.write(`${error.message}\n`));
  await page.goto(`${address}/?token=${token}`);
  await page.waitForSelector('#app[data-state=ready]', { timeout: 120_000 });
  const [opened, drawn]: number[][] = [[], []];
  for (let i = 0; i < repeats; i++) {
    await page.goto(`${address}/graphs/${id}`);
    await page.waitForFunction((wanted) => document.querySelectorAll('.node').length === wanted, nodes, { polling: 'raf', timeout: 120_000 });
    const [now, answered] = await page.evaluate(async (graph) => {
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      return [performance.now(), performance.getEntriesByType('resource').find(({ name }) => name.endsWith(`/api/graphs/${graph}`))!.duration + performance.getEntriesByType('resource').find(({ name }) => name.endsWith(`/api/graphs/${graph}`))!.startTime];
    }, id);
    opened!.push(now!);
    drawn!.push(now! - answered!);
  }
  // The check of the document comes in, and what follows from it is drawn.
  await sleep(4000);
  const all = await framesOf(page, 'pan');
  const zooming = await framesOf(page, 'zoom');
  await page.locator('.canvas').focus();
  await page.keyboard.press('1');
  const reading = await framesOf(page, 'pan');
  const dragging = await framesOf(page, 'drag');
  await context.close();
  return { nodes, opened: opened!, drawn: drawn!, reading, all, zooming, dragging };
}

/** Times between frames while the pointer does something in each of them, ms. */
function framesOf(page: Page, kind: 'pan' | 'zoom' | 'drag'): Promise<number[]> {
  return page.evaluate(
    async ({ kind, frames }) => {
      const area = document.querySelector('.canvas .area')!;
      const seen = area.getBoundingClientRect();
      const [middleX, middleY] = [seen.x + seen.width / 2, seen.y + seen.height / 2];
      const node = [...document.querySelectorAll('.node')].find((one) => {
        const { x, y } = one.getBoundingClientRect();
        return x > seen.x + 100 && x < seen.x + seen.width - 300 && y > seen.y + 100 && y < seen.y + seen.height - 200;
      });
      const target = kind === 'drag' ? node!.querySelector('header')! : area;
      const at = (x: number, y: number): object => ({ bubbles: true, cancelable: true, clientX: x, clientY: y, pointerId: 1, pointerType: 'mouse', button: 0, buttons: 1 });
      const times: number[] = [];
      if (kind !== 'zoom') target.dispatchEvent(new PointerEvent('pointerdown', at(middleX, middleY)));
      let before = await new Promise<number>((frame) => requestAnimationFrame(frame));
      for (let i = 1; i <= frames; i++) {
        // There and back, so that the same is seen.
        const way = 6 * (frames / 2 - Math.abs(frames / 2 - i));
        if (kind === 'zoom') target.dispatchEvent(new WheelEvent('wheel', { ...at(middleX, middleY), deltaY: i <= frames / 2 ? -53 : 53 }));
        else window.dispatchEvent(new PointerEvent('pointermove', at(middleX + way, middleY + way / 2)));
        const now = await new Promise<number>((frame) => requestAnimationFrame(frame));
        times.push(now - before);
        before = now;
      }
      if (kind !== 'zoom') window.dispatchEvent(new PointerEvent('pointerup', at(middleX, middleY)));
      return times;
    },
    { kind, frames },
  );
}
