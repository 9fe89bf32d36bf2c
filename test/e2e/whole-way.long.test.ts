import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { serve, type Served } from '../../server/api/serve.ts';
import { findEngine } from '../../server/engine/find.ts';
import type { GraphDocument } from '../../server/graph/document.ts';
import type { RunSummary } from '../../server/queue/runs.ts';
import { chromiumPath, openPage, startBrowser, untilReady } from '../support/browser.ts';
import { engineNeed } from '../support/eager-node.ts';
import { describeWith, needs } from '../support/needs.ts';
import { ask } from '../support/served.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** What a run may take that others leave little room, ms. */
const long = 240_000;

describeWith([needs.program(chromiumPath), engineNeed()], 'somebody who comes for the first time', () => {
  const home = mkdtempSync(join(temporaryFolder(), 'home-'));
  let served: Served;
  let browser: Browser;
  let page: Page;
  let faults: string[];

  const api = async <T>(path: string): Promise<T> => (await ask({ address: served.address, token: served.token! }, 'GET', path)).body;
  const graphId = (): string => new URL(page.url()).pathname.split('/').at(-1)!;
  const graph = async (): Promise<GraphDocument> => (await api<{ document: GraphDocument }>(`/graphs/${graphId()}`)).document;
  const lastRun = async (): Promise<RunSummary> => (await api<{ runs: RunSummary[] }>('/runs')).runs[0]!;
  const tour = (): Locator => page.getByRole('region', { name: 'Tour' });
  const node = (id: string): Locator => page.locator(`[data-node-id="${id}"]`);
  const tab = (name: string): Promise<void> => page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
  const saved = (): Promise<void> => page.getByText('Saved', { exact: true }).waitFor();
  const key = async (keys: string): Promise<void> => {
    await page.locator('.canvas').focus();
    await page.keyboard.press(keys);
    await page.waitForTimeout(200);
  };
  const choose = async (id: string): Promise<void> => {
    await key('Escape');
    await key('f');
    await node(id).locator('h3').click();
  };
  const wrongs = (): Locator => page.getByRole('region', { name: 'Problems' });

  beforeAll(async () => {
    vi.stubEnv('STILLROOM_ENGINE', findEngine()!.directory);
    vi.stubEnv('STILLROOM_HOME', home);
    vi.stubEnv('STILLROOM_CACHE', join(home, 'cache'));
    served = await serve({ home, port: 0, host: '127.0.0.1', version: '1.2.3', provisionEngine: false, editor: true, log: pino({ level: 'silent' }) });
    browser = await startBrowser();
    ({ page, faults } = await openPage(browser, served, '/', { isFirst: true }));
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
    vi.unstubAllEnvs();
  });

  it('finds the dual model open, and is shown around on it', async () => {
    await tour().waitFor();
    expect(await page.locator('[data-node-id]').count()).toBe(Object.keys((await graph()).nodes).length);
    expect((await graph()).name).toBe('Dual model');
    await tour().getByRole('button', { name: 'Next' }).click();
    await page.getByRole('complementary', { name: 'Inspector' }).locator('[data-param]').first().waitFor();
    await tour().getByRole('button', { name: 'Next' }).click();
    await tour().getByRole('button', { name: 'Make the images and run' }).waitFor();
  });

  it('swaps a backbone, breaks a wire and mends it, and takes the swap back', async () => {
    await choose('teacher-deep');
    await page.getByRole('button', { name: 'Replace…' }).click();
    await page.getByRole('option', { name: 'EfficientNet-Lite0 teacher' }).click();
    await saved();
    expect((await graph()).nodes['teacher-deep']!.type).toBe('teacher/efficientnet-lite0');
    await tab('Problems');
    await wrongs().getByText(/^No problems|^0 errors/).waitFor();
    await choose('distance-layer1');
    const from = (await graph()).edges.find(({ to }) => to === 'distance-layer1.student')!.from;
    await page.getByRole('complementary', { name: 'Inspector' }).locator('[data-input=student]').selectOption('');
    await wrongs().getByText('1 error').waitFor();
    await wrongs().getByRole('button', { name: 'Connect layer1 of “Shallow student”' }).click();
    await saved();
    expect((await graph()).edges.find(({ to }) => to === 'distance-layer1.student')!.from).toBe(from);
    for (let i = 0; i < 3; i++) await key('Control+z');
    await saved();
    expect((await graph()).nodes['teacher-deep']!.type).toBe('teacher/efficientnet-b0');
    await tab('Problems');
  });

  it('runs it on generated images to the end, and reads its figures', async () => {
    await tour().getByRole('button', { name: 'Make the images and run' }).click();
    await page.locator('.node.at-work').first().waitFor({ timeout: 120_000, state: 'attached' });
    const told = tour().locator('[data-tour-auroc]');
    await told.waitFor({ timeout: long });
    const { state, metrics } = await lastRun();
    expect(state).toBe('done');
    const [category] = Object.keys(metrics) as [string];
    const imageAuroc = metrics[category]!.imageAuroc!;
    expect(await told.innerText()).toBe(`${(100 * imageAuroc).toFixed(1)} %`);
    await tour().getByRole('button', { name: 'See the results' }).click();
    expect(await page.locator(`[data-category=${category}] [data-metric=imageAuroc]`).innerText()).toBe((100 * imageAuroc).toFixed(1));
    expect(new URL(page.url()).search).toBe('');
    const count = (name: string): Promise<string> => page.locator(`[data-count=${name}]`).innerText();
    await page.getByRole('slider', { name: 'Threshold' }).focus();
    await page.keyboard.press('Home');
    expect([await count('trueNegatives'), await count('falseNegatives')]).toEqual(['0', '0']);
  }, 2 * long);

  it('scores a dropped image with it', async () => {
    const { id, path } = (await api<{ datasets: { id: string; path: string }[] }>('/datasets')).datasets[0]!;
    const { categories } = await api<{ categories: unknown[] }>(`/datasets/${id}/scan?limit=1`);
    expect(categories).toHaveLength(1);
    const [category] = Object.keys((await lastRun()).metrics) as [string];
    const folder = join(path, category, 'test', 'good');
    const file = join(folder, readdirSync(folder)[0]!);
    await page.evaluate((content) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(content)], 'part.png', { type: 'image/png' }));
      for (const type of ['dragenter', 'dragover', 'drop']) document.body.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }, [...readFileSync(file)]);
    await page.locator('[data-scored="part.png"] .verdict').waitFor({ timeout: 120_000 });
  }, 180_000);

  it('edits what is fitted, is told so, takes it back, and finds everything when the page is loaded anew', async () => {
    const tag = node('student-shallow').locator('.learning');
    expect(await tag.getAttribute('data-fitted')).toBe('fitted');
    await choose('normalise');
    await page.locator('[data-param=preset] select').selectOption('none');
    await vi.waitFor(async () => expect(await tag.getAttribute('data-fitted')).toBe('stale'), { timeout: 20_000 });
    await key('Control+z');
    await vi.waitFor(async () => expect(await tag.getAttribute('data-fitted')).toBe('fitted'), { timeout: 20_000 });
    await key('Control+Shift+z');
    await key('Control+z');
    await saved();
    const before = await graph();
    await page.reload();
    await untilReady(page);
    expect(await tour().count()).toBe(0);
    await tab('Results');
    await page.locator('[data-metric=imageAuroc]').first().waitFor();
    expect(await graph()).toEqual(before);
    await tab('History');
    await page.locator('[data-revision="1"]').getByRole('button', { name: 'Go back to this' }).waitFor();
    expect(faults).toEqual([]);
  });
});
