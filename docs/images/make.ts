import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { serve } from '../../server/api/serve.ts';
import { cacheDirectory } from '../../server/home.ts';
import type { RunSummary } from '../../server/queue/runs.ts';
import { openPage, startBrowser, untilReady } from '../../test/support/browser.ts';
import { ask as asked } from '../../test/support/served.ts';

/**
 * `npm run screenshots`: the pages of the workbench, light and dark, as WebP beside this file. Runs the default graph and the
 * shallow model on two surfaces of the generated demo set for that, which takes some minutes; needs Chromium.
 */
const size = { width: 1280, height: 800 };
const categories = 2;
const epochs = 12;

const home = mkdtempSync(join(tmpdir(), 'stillroom-screenshots-'));
process.env['STILLROOM_HOME'] = home;
const served = await serve({ home, port: 0, host: '127.0.0.1', version: '0.1.0', provisionEngine: true, editor: true, log: pino({ level: 'silent' }) });
const browser = await startBrowser();
try {
  await ask('POST', '/datasets/demo', {});
  const { dataset } = await until(() => ask<{ state: string; dataset?: string }>('GET', '/datasets/demo'), ({ state }) => state === 'done');
  await ask('POST', `/datasets/${dataset}/scan`, {});
  await until(() => ask<{ scan: { state: string } }>('GET', `/datasets/${dataset}`), ({ scan }) => scan.state === 'done');
  const scan = await ask<{ categories: { name: string }[] }>('GET', `/datasets/${dataset}/scan?limit=1`);
  const only = scan.categories.slice(0, categories).map(({ name }) => name);
  const begin = async (template: string, seed: number): Promise<{ graph: string; run: string }> => {
    const { id } = await ask<{ id: string }>('POST', '/graphs', { template, by: 'the editor' });
    return { graph: id, run: (await ask<RunSummary>('POST', '/runs', { graph: id, dataset, seed, epochs, categories: only })).id };
  };
  const isThere = (run: string): Promise<RunSummary> => until(() => ask<RunSummary>('GET', `/runs/${run}`), ({ state }) => state === 'done');

  const dual = await begin('dual-model', 0);
  await until(() => ask<RunSummary>('GET', `/runs/${dual.run}`), ({ progress }) => progress?.stage === 'fit' && progress.epoch >= 5);
  await both(`/graphs/${dual.graph}`, 'running', async (page) => {
    await page.getByRole('button', { name: 'Running' }).click();
    await page.locator('img.sample').first().waitFor();
    await sleep(1500);
  });
  await isThere(dual.run);
  const shallow = await begin('shallow', 0);
  await isThere(shallow.run);

  await both('/', 'home');
  await both(`/graphs/${dual.graph}`, 'editor', async (page) => {
    await page.keyboard.press('Escape');
  });
  await both(`/graphs/${dual.graph}`, 'node', async (page) => {
    await page.locator('[data-node-id="distance-kd-stage5"] h3').click();
    await page.locator('.canvas').focus();
    await page.keyboard.press('f');
    for (let i = 0; i < 3; i++) await page.keyboard.press('-');
    await page.keyboard.press('c');
    await sleep(500);
  });
  await both(`/graphs/${dual.graph}`, 'results', async (page) => {
    await page.getByRole('tab', { name: /^Results/ }).click();
    await sleep(1500);
  });
  await both(`/graphs/${dual.graph}`, 'preview', async (page) => {
    await page.getByRole('tab', { name: /^Preview/ }).click();
    for (const socket of ['resize-crop.images', 'teacher-deep.stage5', 'student-deep.stage5', 'smooth-shallow.map', 'map-deep.map']) await page.getByLabel('Add a viewer').selectOption(socket);
    await page.locator('[data-viewer="map-deep.map"] img').first().waitFor({ timeout: 120_000 });
    await sleep(2500);
  });
  await both(`/runs/${dual.run}`, 'run', () => sleep(1500));
  await both(`/runs/${dual.run}`, 'why', async (page) => {
    await page.getByRole('region', { name: 'Test images' }).getByRole('button').first().click();
    const picture = page.getByRole('button', { name: /point to a pixel/ });
    await picture.waitFor();
    const box = (await picture.boundingBox())!;
    await picture.click({ position: { x: box.width * 0.79, y: box.height * 0.48 } });
    await page.getByRole('region', { name: 'Nearest normal patches' }).getByRole('img').first().waitFor({ timeout: 120_000 });
    await sleep(1500);
  });
  await both('/runs', 'runs');
  await both(`/compare?run=${dual.run}&run=${shallow.run}`, 'compare', () => sleep(1500));
  await both('/datasets', 'datasets');
  await both(`/datasets/${dataset}`, 'dataset', () => sleep(2000));
  await both('/weights', 'weights');
  await both('/plugins', 'nodes');
  await both('/engine', 'engine');
} finally {
  await browser.close();
  await served.close();
  rmSync(home, { recursive: true, force: true });
}

/** A page in both colour schemes. */
async function both(path: string, name: string, work: (page: Page) => unknown = () => undefined): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) {
    const { page } = await openPage(browser, served, '/', { dark: scheme === 'dark' });
    await page.setViewportSize(size);
    // tsx names the functions that it translates, with a helper that pages lack.
    await page.addInitScript("globalThis.__name = (one) => one; localStorage.setItem('stillroom.dock.height', '400')");
    await page.goto(served.address + path);
    await untilReady(page);
    await page.waitForLoadState('networkidle');
    await work(page);
    await sleep(500);
    await page.evaluate(withoutPaths, [[home, '~/.local/share/stillroom'], [cacheDirectory(), '~/.cache/stillroom']]);
    const png = await page.screenshot();
    await sharp(png).webp({ quality: 88, effort: 6 }).toFile(new URL(`${name}-${scheme}.webp`, import.meta.url).pathname);
    process.stdout.write(`${name}-${scheme}\n`);
    await page.context().close();
  }
}

/** Runs in the page: where this machine keeps things is nobody else's. */
function withoutPaths(paths: string[][]): void {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) for (const [path, shown] of paths) text.nodeValue = text.nodeValue!.replaceAll(path!, shown!);
}

async function ask<T>(method: string, path: string, body?: object): Promise<T> {
  const answer = await asked(served, method, path, body);
  if (answer.status >= 400) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

async function until<T>(look: () => Promise<T>, is: (seen: T) => boolean): Promise<T> {
  for (;;) {
    const seen = await look();
    const state = (seen as { state?: string }).state;
    if (state === 'failed') throw new Error(JSON.stringify(seen));
    if (is(seen)) return seen;
    await sleep(500);
  }
}
