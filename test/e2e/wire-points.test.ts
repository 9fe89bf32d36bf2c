import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { serve, type Served } from '../../server/api/serve.ts';
import type { GraphDocument, WirePoint } from '../../server/graph/document.ts';
import { chromiumPath, openPage, startBrowser } from '../support/browser.ts';
import { describeWith, needs } from '../support/needs.ts';
import { ask } from '../support/served.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const to = 'smooth-shallow.map';

describeWith(needs.program(chromiumPath), 'points that wires are led through, in a browser', () => {
  const home = mkdtempSync(join(temporaryFolder(), 'home-'));
  let served: Served;
  let browser: Browser;
  let page: Page;
  let faults: string[];
  let id: string;
  let identity: string;

  const api = (method: 'GET' | 'POST', path: string, body?: object): ReturnType<typeof ask> => ask({ address: served.address, token: served.token! }, method, path, body);
  const graph = async (): Promise<GraphDocument> => ((await api('GET', `/graphs/${id}`)).body as { document: GraphDocument }).document;
  const points = async (): Promise<readonly WirePoint[] | undefined> => (await graph()).layout?.wires?.[to];
  const identityNow = async (): Promise<string> => ((await api('POST', '/check', { document: await graph() })).body as { identity: string }).identity;
  const mark = (i: number): Locator => page.locator(`circle[data-edge="${to}"][data-point="${i}"]`);
  const node = (name: string): Locator => page.locator(`[data-node-id="${name}"]`);
  const saved = async (): Promise<void> => {
    await page.waitForTimeout(150);
    await page.getByText('Saved', { exact: true }).waitFor();
  };
  const press = async (keys: string): Promise<void> => {
    await page.locator('.canvas').focus();
    await page.keyboard.press(keys);
    await saved();
  };
  const middle = async (one: Locator): Promise<{ x: number; y: number }> => {
    const { x, y, width, height } = (await one.boundingBox())!;
    return { x: x + width / 2, y: y + height / 2 };
  };
  const onWire = (share: number): Promise<{ x: number; y: number }> =>
    page.locator(`path[data-edge="${to}"]`).evaluate((path, at) => {
      const { x, y } = (path as SVGPathElement).getPointAtLength((path as SVGPathElement).getTotalLength() * at).matrixTransform((path as SVGPathElement).getScreenCTM()!);
      return { x, y };
    }, share);
  const drag = async (from: { x: number; y: number }, by: { x: number; y: number }): Promise<void> => {
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(from.x + by.x, from.y + by.y, { steps: 5 });
    await page.mouse.up();
    await saved();
  };

  beforeAll(async () => {
    vi.stubEnv('STILLROOM_CACHE', join(home, 'cache'));
    served = await serve({ home, port: 0, host: '127.0.0.1', version: '1.2.3', provisionEngine: false, editor: true, log: pino({ level: 'silent' }) });
    ({ id } = (await api('POST', '/graphs', { template: 'shallow' })).body as { id: string });
    identity = await identityNow();
    browser = await startBrowser();
    ({ page, faults } = await openPage(browser, served, `/graphs/${id}`));
    page.setDefaultTimeout(10_000);
    await page.waitForSelector('[data-node-id]');
    await node('normalise-shallow').locator('h3').click();
    await node('smooth-shallow').locator('h3').click({ modifiers: ['Shift'] });
    await page.locator('.canvas').focus();
    await page.keyboard.press('f');
    await page.waitForTimeout(300);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
    vi.unstubAllEnvs();
  });

  it('come by Alt and a click on the wire, and change no result', async () => {
    const { x, y } = await onWire(0.5);
    await page.keyboard.down('Alt');
    await page.mouse.click(x, y);
    await page.keyboard.up('Alt');
    await saved();
    expect(await points()).toHaveLength(1);
    const at = await middle(mark(0));
    // It snaps to the grid of 12 px, which is drawn at up to 1.2 times its size.
    expect(Math.hypot(at.x - x, at.y - y)).toBeLessThan(1.2 * Math.hypot(6, 6) + 1);
    expect(await identityNow()).toBe(identity);
  });

  it('are dragged, and the wire follows; undone and done again', async () => {
    const [before] = (await points())!;
    const path = await page.locator(`path[data-edge="${to}"]`).getAttribute('d');
    await drag(await middle(mark(0)), { x: 4, y: 90 });
    const [after] = (await points())!;
    expect(after!.y).toBeGreaterThan(before!.y + 50);
    expect(await page.locator(`path[data-edge="${to}"]`).getAttribute('d')).not.toBe(path);
    await press('Control+z');
    expect(await points()).toEqual([before]);
    expect(await page.locator(`path[data-edge="${to}"]`).getAttribute('d')).toBe(path);
    await press('Control+Shift+z');
    expect(await points()).toEqual([after]);
  });

  it('are moved by arrows, and move with both ends', async () => {
    const [before] = (await points())!;
    await mark(0).click();
    await press('Shift+ArrowRight');
    expect(await points()).toEqual([{ x: before!.x + 1, y: before!.y }]);
    await node('normalise-shallow').locator('h3').click();
    await drag(await middle(node('normalise-shallow').locator('h3')), { x: 0, y: -20 });
    expect(await points()).toEqual([{ x: before!.x + 1, y: before!.y }]);
    await node('smooth-shallow').locator('h3').click({ modifiers: ['Shift'] });
    const place = (await graph()).layout!.nodes!['smooth-shallow']!;
    await drag(await middle(node('smooth-shallow').locator('h3')), { x: 0, y: 40 });
    const now = (await graph()).layout!.nodes!['smooth-shallow']!;
    expect(now.y).toBeGreaterThan(place.y);
    expect(await points()).toEqual([{ x: before!.x + 1 + now.x - place.x, y: before!.y + now.y - place.y }]);
  });

  it('are added, placed and removed without a pointer too', async () => {
    await mark(0).click();
    const inspector = page.locator('aside[aria-label=Inspector]');
    await inspector.getByRole('button', { name: 'Add a point' }).focus();
    await page.keyboard.press('Enter');
    await saved();
    expect(await points()).toHaveLength(2);
    await inspector.getByLabel('y of point 2, px').fill('700');
    await page.keyboard.press('Enter');
    await saved();
    expect((await points())![1]!.y).toBe(700);
    await inspector.getByRole('button', { name: 'Remove point 2' }).click();
    await saved();
    expect(await points()).toHaveLength(1);
  });

  it('go by a double click, by Delete, and with their wire', async () => {
    const kept = await points();
    const at = await middle(mark(0));
    await page.mouse.dblclick(at.x, at.y);
    await saved();
    expect(await points()).toBeUndefined();
    await press('Control+z');
    expect(await points()).toEqual(kept);
    await mark(0).click();
    await press('Delete');
    expect(await points()).toBeUndefined();
    expect((await graph()).edges.some((edge) => edge.to === to)).toBe(true);
    await press('Control+z');
    const { x, y } = await onWire(0.3);
    await page.mouse.click(x, y);
    await press('Delete');
    expect(await graph()).not.toHaveProperty('layout.wires');
    await press('Control+z');
    expect(await points()).toEqual(kept);
    expect(faults).toEqual([]);
  });
});
