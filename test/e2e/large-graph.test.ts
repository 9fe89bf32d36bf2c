import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { pino } from 'pino';
import { serve, type Served } from '../../server/api/serve.ts';
import type { GraphDocument } from '../../server/graph/document.ts';
import { chromiumPath, openPage, startBrowser } from '../support/browser.ts';
import { describeWith, needs } from '../support/needs.ts';
import { ask } from '../support/served.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** 20 by 20 nodes, each wired to the one on its left. */
const [columns, rows, stepX, stepY] = [20, 20, 300, 160];
const name = (column: number, row: number): string => `n${column}x${row}`;
const all = Array.from({ length: columns * rows }, (_, i) => ({ column: i % columns, row: Math.floor(i / columns) }));
const large: GraphDocument = {
  stillroom: 1,
  name: 'Large',
  nodes: Object.fromEntries(all.map(({ column, row }) => [name(column, row), { type: 'scoring/combine', version: 1, params: { maps: 2 } }])),
  edges: all.filter(({ column }) => column > 0).map(({ column, row }) => ({ from: `${name(column - 1, row)}.map`, to: `${name(column, row)}.map1` })),
  layout: { nodes: Object.fromEntries(all.map(({ column, row }) => [name(column, row), { x: column * stepX, y: row * stepY }])) },
};

describeWith(needs.program(chromiumPath), 'a large graph, in a browser', () => {
  const home = mkdtempSync(join(temporaryFolder(), 'home-'));
  let served: Served;
  let browser: Browser;
  let page: Page;
  let faults: string[];
  let id: string;

  const graph = async (): Promise<GraphDocument> => ((await ask({ address: served.address, token: served.token! }, 'GET', `/graphs/${id}`)).body as { document: GraphDocument }).document;
  const press = async (key: string): Promise<void> => {
    await page.locator('.canvas').focus();
    await page.keyboard.press(key);
    await page.waitForTimeout(400);
  };
  const picture = '.canvas [role=img][aria-label^="400 nodes"]';
  /** Where the middle of a node is on the screen, worked out from how the view is moved and scaled. */
  const screenOf = (column: number, row: number): Promise<{ x: number; y: number }> =>
    page.evaluate(
      ({ x, y }) => {
        const area = document.querySelector('.canvas .area')!.getBoundingClientRect();
        const { a: k, e, f } = new DOMMatrix(document.querySelector<HTMLElement>('.canvas .area > div')!.style.transform);
        return { x: area.x + e + x * k, y: area.y + f + y * k };
      },
      { x: column * stepX + 108, y: row * stepY + 45 },
    );
  const shown = (selector: string): Promise<number> => page.evaluate((selector) => [...document.querySelectorAll(selector)].filter((one) => one.getBoundingClientRect().width > 0).length, selector);

  beforeAll(async () => {
    vi.stubEnv('STILLROOM_CACHE', join(home, 'cache'));
    served = await serve({ home, port: 0, host: '127.0.0.1', version: '1.2.3', provisionEngine: false, editor: true, log: pino({ level: 'silent' }) });
    id = ((await ask({ address: served.address, token: served.token! }, 'POST', '/graphs', { document: large })).body as { id: string }).id;
    browser = await startBrowser();
    ({ page, faults } = await openPage(browser, served, `/graphs/${id}`));
    page.setDefaultTimeout(10_000);
    await page.waitForSelector(picture);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
    vi.unstubAllEnvs();
  });

  it('is a picture while it is seen from afar', async () => {
    expect(await page.locator('.node').count()).toBe(0);
    expect(await page.locator('.wires path[data-edge]').count()).toBe(0);
    // At the middle of a node is its colour and between four nodes is none.
    const [on, off] = [await screenOf(10, 10), await page.evaluate(() => document.querySelector('.canvas .area')!.getBoundingClientRect())];
    const alphas = await page.evaluate(
      ({ selector, on, left, top }) => {
        const context = document.querySelector<HTMLCanvasElement>(`${selector} canvas`)!.getContext('2d')!;
        return [context.getImageData(on.x - left, on.y - top, 1, 1).data[3], context.getImageData(4, 4, 1, 1).data[3]];
      },
      { selector: picture, on, left: off.x, top: off.y },
    );
    expect(alphas).toEqual([255, 0]);
  });

  it('lets a node of the picture be selected, dragged and put back', async () => {
    const from = await screenOf(10, 10);
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(from.x + 20, from.y + 30, { steps: 4 });
    await page.mouse.up();
    await page.getByText('Saved', { exact: true }).waitFor();
    await expect.poll(async () => (await graph()).layout!.nodes![name(10, 10)]).not.toEqual({ x: 10 * stepX, y: 10 * stepY });
    expect((await graph()).layout!.nodes![name(11, 10)]).toEqual({ x: 11 * stepX, y: 10 * stepY });
    expect(await page.locator('aside[aria-label=Inspector]').innerText()).toContain('maps');
    await press('Control+z');
    await expect.poll(async () => (await graph()).layout!.nodes![name(10, 10)]).toEqual({ x: 10 * stepX, y: 10 * stepY });
  });

  it('has what is near in the page, with its wires, and nothing of what is far', async () => {
    await press('1');
    await page.waitForSelector(picture, { state: 'detached' });
    const seen = (await page.locator('.canvas').boundingBox())!;
    const most = Math.ceil(seen.width / stepX + 1) * Math.ceil(seen.height / stepY + 1);
    expect(await shown('.node')).toBeGreaterThanOrEqual(Math.floor(seen.width / stepX) * Math.floor(seen.height / stepY));
    expect(await shown('.node')).toBeLessThan(3 * most);
    expect(await page.locator('.wires path[data-edge]').count()).toBeLessThan(3 * most);
    // Every wire that comes to a node in sight is drawn.
    const missing = await page.evaluate(() => {
      const area = document.querySelector('.canvas')!.getBoundingClientRect();
      const inside = [...document.querySelectorAll<HTMLElement>('.node')].filter((one) => {
        const { x, y, right, bottom, width } = one.getBoundingClientRect();
        return width > 0 && x > area.x && y > area.y && right < area.right && bottom < area.bottom;
      });
      return inside.filter((one) => !document.querySelector(`.wires path[data-edge="${one.dataset['nodeId']}.map1"]`)).length;
    });
    expect(missing).toBe(0);
  });

  it('lists what an input may come from when somebody turns to it', async () => {
    const { x, y } = await screenOf(10, 10);
    await page.mouse.click(x, y - 30);
    const input = page.locator('aside[aria-label=Inspector] [data-input=map2]');
    expect(await input.locator('option').allInnerTexts()).toEqual(['nothing']);
    await input.focus();
    await expect.poll(() => input.locator('option').count()).toBeGreaterThan(200);
    const [from, to] = [`${name(0, 0)}.map`, `${name(10, 10)}.map2`];
    await input.selectOption(from);
    await expect.poll(async () => (await graph()).edges.find((edge) => edge.to === to)?.from).toBe(from);
    await press('Control+z');
    await expect.poll(async () => (await graph()).edges.some((edge) => edge.to === to)).toBe(false);
  });

  it('brings nodes into the page as the view is moved to them', async () => {
    const { x, y, width, height } = (await page.locator('.canvas').boundingBox())!;
    const before = new Set(await page.locator('.node').evaluateAll((nodes) => nodes.map((one) => (one as HTMLElement).dataset['nodeId'])));
    await page.mouse.move(x + width / 2 + 4, y + 8);
    for (let i = 0; i < 3; i++) {
      await page.mouse.move(x + width - 40, y + height / 2 - 60);
      await page.mouse.down({ button: 'middle' });
      await page.mouse.move(x + 40, y + height / 2 - 60, { steps: 6 });
      await page.mouse.up({ button: 'middle' });
    }
    await page.waitForTimeout(400);
    const now = await page.evaluate(() => [...document.querySelectorAll<HTMLElement>('.node')].filter((one) => one.getBoundingClientRect().width > 0).map((one) => one.dataset['nodeId']));
    expect(now.length).toBeGreaterThan(3);
    expect(now.filter((one) => !before.has(one)).length).toBe(now.length);
    expect(faults).toEqual([]);
  });

  it('goes back to a picture', async () => {
    await press('Escape');
    await press('f');
    await page.waitForSelector(picture);
    expect(await shown('.node')).toBe(0);
    expect(await page.locator('.wires path[data-edge]').count()).toBe(0);
  });
});
