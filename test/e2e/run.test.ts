import { mkdtempSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Served } from '../../server/api/serve.ts';
import { findEngine } from '../../server/engine/find.ts';
import type { GraphDocument } from '../../server/graph/document.ts';
import { chromiumPath, openPage, startBrowser, untilReady } from '../support/browser.ts';
import { engineNeed } from '../support/eager-node.ts';
import { describeWith, needs } from '../support/needs.ts';
import { ask, serveTrial } from '../support/served.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { writeCategory } from '../server/runs/trial-data.ts';
import { distilGraph } from '../server/runtime/trial-graphs.ts';

/** Its nodes beside one another, so that each can be clicked. */
function spread(document: GraphDocument): GraphDocument {
  const places = Object.keys(document.nodes).map((id, i): [string, { x: number; y: number }] => [id, { x: (i % 5) * 280, y: Math.floor(i / 5) * 200 }]);
  return { ...document, layout: { nodes: Object.fromEntries(places) } };
}

describeWith([needs.program(chromiumPath), engineNeed()], 'a run, from the page', () => {
  const home = mkdtempSync(join(temporaryFolder(), 'home-'));
  const data = join(home, 'data');
  let served: Served;
  let browser: Browser;
  let page: Page;
  let faults: string[];
  let graph: string;

  const start = (port = 0): Promise<Served> => serveTrial({ home, port, editor: true, dataRoots: [data] });
  const tab = (name: string): Promise<void> => page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
  const run = async (): Promise<{ id: string; state: string; metrics: Record<string, Record<string, number>> }> => ((await ask({ ...served, token: served.token! }, 'GET', '/runs')).body as { runs: never[] }).runs[0]!;
  const percent = (value: number): string => (100 * value).toFixed(1);

  beforeAll(async () => {
    // A cache of its own, with the engine that is there.
    vi.stubEnv('STILLROOM_ENGINE', findEngine()!.directory);
    vi.stubEnv('STILLROOM_HOME', home);
    vi.stubEnv('STILLROOM_CACHE', join(home, 'cache'));
    await writeCategory(join(data, 'bottle'), 8);
    served = await start();
    const caller = { ...served, token: served.token! };
    await ask(caller, 'POST', '/datasets', { path: data });
    graph = ((await ask(caller, 'POST', '/graphs', { document: spread(distilGraph()) })).body as { id: string }).id;
    browser = await startBrowser();
    ({ page, faults } = await openPage(browser, served, `/graphs/${graph}`));
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
    vi.unstubAllEnvs();
  });

  it('begins with one button, shows its curves in the panel and in the graph, and ends with its figures', async () => {
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const form = page.getByRole('form', { name: 'Run this graph' });
    await form.getByLabel('Epochs').fill('4');
    await form.getByRole('button', { name: 'Start' }).click();
    await page.locator('[data-run-state]').first().waitFor();
    // The panel of results opens by itself when the run is done.
    await page.getByRole('tab', { name: /^Results/, selected: true }).waitFor({ timeout: 90_000 });
    const { state, metrics } = await run();
    expect(state).toBe('done');
    const cell = page.locator('[data-category=bottle] [data-metric=imageAuroc]');
    expect(await cell.innerText()).toBe(percent(metrics['bottle']!['imageAuroc']!));
    expect(await page.locator('strong[data-metric=imageAuroc]').innerText()).toBe(percent(metrics['bottle']!['imageAuroc']!));

    await tab('Run');
    await page.locator('[data-fit=fit1] canvas').waitFor();
    expect(await page.getByRole('img', { name: /^fit2 after 4 epochs: train loss/ }).count()).toBe(1);
    expect(await page.getByRole('log').innerText()).toMatch(/bottle: 6 images to train on, 2 to validate, 5 to test[^]*fit1, epoch 4[^]*done/);
    expect(await page.locator('[data-node-id=fit1]').getByRole('img', { name: /^Loss by epoch/ }).count()).toBe(1);
  });

  it('lets the threshold be moved: verdicts, shares with their interval and the gallery follow', async () => {
    await tab('Results');
    const slider = page.getByRole('slider', { name: 'Threshold' });
    const count = (name: string): Promise<string> => page.locator(`[data-count=${name}]`).innerText();
    await slider.focus();
    await page.keyboard.press('Home');
    expect([await count('truePositives'), await count('falsePositives'), await count('trueNegatives'), await count('falseNegatives')]).toEqual(['3', '2', '0', '0']);
    // Of 2 in 2 the exact interval begins at 0.025^(1/2).
    expect(await page.locator('[data-share=alarms]').innerText()).toBe('100.0 % (15.8–100.0 %)');
    await page.getByLabel('Show').selectOption('wrong');
    expect(await page.locator('[data-shown]').getAttribute('data-shown')).toBe('2');
    await page.getByRole('spinbutton', { name: 'Threshold' }).fill('1000000');
    expect([await count('truePositives'), await count('falsePositives'), await count('trueNegatives'), await count('falseNegatives')]).toEqual(['0', '0', '2', '3']);
    await page.getByRole('button', { name: /^Back to/ }).click();
    await page.getByLabel('Show').selectOption('all');
    await page.getByRole('button', { name: /hole, "deep"\/000\.png/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: /and its map/ }).locator('img').waitFor();
    await page.keyboard.press('Escape');
  });

  it('scores images that are dropped on the window as the server scores them', async () => {
    const file = join(data, 'bottle', 'test', 'hole, "deep"', '000.png');
    const bytes = [...readFileSync(file)];
    await page.evaluate((content) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(content)], 'part.png', { type: 'image/png' }));
      transfer.items.add(new File(['no picture'], 'notes.txt', { type: 'text/plain' }));
      for (const type of ['dragenter', 'dragover', 'drop']) document.body.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }, bytes);
    const scored = page.locator('[data-scored="part.png"]');
    await scored.getByRole('img').waitFor({ timeout: 60_000 });
    expect(await page.locator('[data-scored]').count()).toBe(1);
    const { id } = await run();
    const asked = await ask({ ...served, token: served.token! }, 'POST', `/runs/${id}/predict`, { paths: [file] });
    const [expected] = (asked.body as { images: { anomalous: boolean; scores: Record<string, number> }[] }).images;
    expect(await scored.locator('.verdict').innerText()).toBe(expected!.anomalous ? 'anomalous' : 'normal');
    const told = await scored.locator('[data-result=detection]').innerText();
    expect(Number(told.split(' ')[1])).toBeCloseTo(expected!.scores['detection']!, 2);
  });

  it('shows what flows at a socket on test images, and again once a parameter is another', async () => {
    await tab('Preview');
    await page.getByLabel('Add a viewer').selectOption('sum.map');
    const viewer = page.locator('[data-viewer="sum.map"]');
    const picture = viewer.getByRole('img', { name: 'map of sum.map' });
    await picture.waitFor({ timeout: 60_000 });
    await page.getByLabel('Add a viewer').selectOption('maximum.score');
    const score = page.locator('[data-viewer="maximum.score"] [data-score]');
    await score.waitFor();
    const [before, address] = [await score.innerText(), await picture.getAttribute('src')];
    const image = await page.locator('[data-image]').getAttribute('data-image');
    await page.locator('[data-node-id=sum] h3').click();
    await page.locator('[data-param=operation] select').selectOption('product');
    await vi.waitFor(async () => expect(await score.innerText()).not.toBe(before), { timeout: 20_000 });
    expect(await picture.getAttribute('src')).not.toBe(address);
    expect(await page.locator('[data-image]').getAttribute('data-image')).toBe(image);
    await tab('Results');
    await page.getByText('The graph computes something else now').waitFor();
    await page.locator('[data-param=operation] select').selectOption('sum');
    await page.getByText('The graph computes something else now').waitFor({ state: 'detached' });
    await tab('Preview');
    await page.getByRole('button', { name: 'Image after' }).click();
    expect(await page.locator('[data-image]').getAttribute('data-image')).not.toBe(image);
  });

  it('is there again after the page is loaded anew, and after the server was away', async () => {
    await page.reload();
    await untilReady(page);
    await tab('Results');
    const { metrics } = await run();
    await page.locator('[data-category=bottle] [data-metric=imageAuroc]').getByText(percent(metrics['bottle']!['imageAuroc']!), { exact: true }).waitFor();
    await tab('Preview');
    await page.locator('[data-viewer="sum.map"]').getByRole('img', { name: 'map of sum.map' }).waitFor({ timeout: 60_000 });

    const port = Number(new URL(served.address).port);
    await served.close();
    await page.waitForSelector('#app[data-state=offline]');
    await page.getByText('The server does not answer.').waitFor();
    served = await start(port);
    await untilReady(page);
    await page.getByText('The server does not answer.').waitFor({ state: 'detached' });
    await tab('Run');
    await page.locator('[data-run-state=done]').waitFor();
    expect(faults).toEqual([]);
  });

  it('stays beside its graph when a newer one fails, which is told and can be looked at', async () => {
    const finished = await run();
    renameSync(join(data, 'bottle', 'train'), join(data, 'bottle', 'away'));
    await ask({ ...served, token: served.token! }, 'POST', '/runs', { graph, data, seed: 1 });
    const note = page.getByText(/A newer run of this graph has failed: expected normal images of bottle to fit on, found none/);
    await note.waitFor({ timeout: 60_000 });
    renameSync(join(data, 'bottle', 'away'), join(data, 'bottle', 'train'));
    const failed = await run();
    expect(failed).toMatchObject({ state: 'failed', metrics: {} });
    await page.locator('[data-run-state=done]').waitFor();
    await page.reload();
    await untilReady(page);
    await tab('Results');
    await note.waitFor();
    await page.locator('[data-category=bottle] [data-metric=imageAuroc]').getByText(percent(finished.metrics['bottle']!['imageAuroc']!), { exact: true }).waitFor();

    await page.getByRole('button', { name: 'Show the newer run' }).click();
    await page.getByText('Nothing is measured yet').waitFor();
    expect(new URL(page.url()).searchParams.get('run')).toBe(failed.id);
    expect(await page.getByLabel('Run that is shown').inputValue()).toBe(failed.id);
    await page.getByLabel('Run that is shown').selectOption(finished.id);
    await page.locator('[data-category=bottle] [data-metric=imageAuroc]').waitFor();
    expect(new URL(page.url()).searchParams.has('run')).toBe(false);
    expect(faults).toEqual([]);
  });
});
