import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { serve, type Served } from '../../server/api/serve.ts';
import { findEngine } from '../../server/engine/find.ts';
import { writeTinyCategory } from '../server/cli/tiny.ts';
import { chromiumPath, openPage, startBrowser } from '../support/browser.ts';
import { engineNeed } from '../support/eager-node.ts';
import { describeWith, needs } from '../support/needs.ts';
import { ask, isOver, untilRun } from '../support/served.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { packExample } from '../support/third-party.ts';

const examples = { 'stillroom-wide-resnet50': 'WideResNet50', 'stillroom-synthetic-defects': 'Synthetic defects', 'stillroom-pro-curves': 'PRO curves' } as const;

describeWith([needs.program(chromiumPath), engineNeed()], 'the example plugins, from their tarballs, in the editor', () => {
  const root = temporaryFolder();
  const home = mkdtempSync(join(root, 'home-'));
  const data = join(home, 'data');
  const tarballs = new Map<string, string>();
  let served: Served;
  let browser: Browser;
  let page: Page;
  let faults: string[];

  const caller = (): { address: string; token: string } => ({ address: served.address, token: served.token! });
  const api = async <T>(path: string): Promise<T> => (await ask(caller(), 'GET', path)).body;
  const part = (name: string): Locator => page.locator(`[data-client-part="stillroom-synthetic-defects/${name}"]`);
  const node = (id: string): Locator => page.locator(`[data-node-id="${id}"]`);
  const tab = (name: string): Promise<void> => page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
  const chosen = async (id: string): Promise<void> => {
    await page.locator('.canvas').focus();
    await page.keyboard.press('Escape');
    await page.keyboard.press('f');
    await page.waitForTimeout(300);
    await node(id).locator('h3').click();
  };
  const added = async (wish: string): Promise<void> => {
    await page.locator('.canvas').focus();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Shift+A');
    await page.getByRole('dialog', { name: 'Add a node' }).getByRole('combobox').fill(wish);
    await page.keyboard.press('Enter');
  };
  const connect = async (input: string, from: string): Promise<void> => {
    const select = page.locator(`select[data-input="${input}"]`);
    await select.focus();
    await select.selectOption({ label: from });
  };
  const painted = (): Promise<string> => part('painted').frameLocator('iframe').getByText(/^(Painted|Nothing)/).innerText({ timeout: 20_000 });

  beforeAll(async () => {
    vi.stubEnv('STILLROOM_ENGINE', findEngine()!.directory);
    vi.stubEnv('STILLROOM_HOME', home);
    vi.stubEnv('STILLROOM_CACHE', join(home, 'cache'));
    for (const name of Object.keys(examples)) tarballs.set(name, (await packExample(name, root)).tarball);
    await writeTinyCategory(join(data, 'tiny'));
    served = await serve({ home, port: 0, host: '127.0.0.1', version: '1.2.3', provisionEngine: false, editor: true, dataRoots: [data], log: pino({ level: 'silent' }) });
    await ask(caller(), 'POST', '/datasets', { path: data });
    browser = await startBrowser();
    ({ page, faults } = await openPage(browser, served, '/plugins'));
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await served?.close();
    vi.unstubAllEnvs();
  });

  it('are installed by sending them, each after it was looked at', async () => {
    for (const [name, title] of Object.entries(examples)) {
      await page.getByLabel('Send a package…').setInputFiles(tarballs.get(name)!);
      const seen = page.getByRole('region', { name: `${title} 1.0.0` });
      await seen.getByText('Apache-2.0').waitFor({ timeout: 30_000 });
      await seen.getByRole('button', { name: 'Install it' }).click();
      await page.locator(`[data-plugin="${name}"][data-state=on]`).waitFor({ timeout: 60_000 });
    }
  }, 240_000);

  it('bring a template, which opens as a graph of one’s own', async () => {
    await page.goto(served.address);
    await page.locator('li.card', { hasText: 'Denoising student' }).getByRole('button').click();
    await node('paint').waitFor({ timeout: 30_000 });
    await page.getByText('ok', { exact: true }).or(page.getByText('Saved', { exact: true })).first().waitFor();
    const { graphs } = await api<{ graphs: { name: string }[] }>('/graphs');
    expect(graphs.map(({ name }) => name)).toEqual(['Denoising student']);
  });

  it('bring a viewer that outlines what is painted, and a control that draws again', async () => {
    await chosen('paint');
    await page.locator('[data-param=share] input').fill('1');
    await tab('Preview');
    await page.getByLabel('Add a viewer').selectOption('paint.images');
    const viewer = page.locator('[data-viewer="paint.images"]');
    await viewer.getByRole('img').first().waitFor({ timeout: 60_000 });
    await viewer.locator('select').first().selectOption({ label: 'Painted defects' });
    expect(await painted()).toBe('Nothing is painted into this image.');
    await page.locator('[data-param=when] select').selectOption('always');
    await vi.waitFor(async () => expect(await painted()).toMatch(/^Painted: \d+\.\d % of the image\.$/), { timeout: 20_000 });
    const [first, picture] = [await painted(), await part('painted').screenshot()];
    await part('draw-again').frameLocator('iframe').getByRole('button', { name: 'Draw again' }).click();
    await vi.waitFor(async () => expect(await painted()).not.toBe(first), { timeout: 20_000 });
    expect((await part('painted').screenshot()).equals(picture)).toBe(false);
    await page.locator('[data-param=when] select').selectOption('training');
    await vi.waitFor(async () => expect(await painted()).toBe('Nothing is painted into this image.'), { timeout: 20_000 });
  });

  it('bring a teacher, whose shapes are on its wires and whose weights can be had', async () => {
    await added('WideResNet50-2 teacher');
    await page.locator('[data-node-type="stillroom-wide-resnet50/teacher"]').waitFor();
    await connect('images', 'Normalise: images');
    await page.locator('select[data-input="images"]').locator('..').getByText('224×224×3').waitFor();
    const { weights } = await api<{ weights: { name: string; state?: string }[] }>('/weights');
    expect(weights.map(({ name }) => name)).toEqual(expect.arrayContaining(['wide-resnet50-2.torchvision', 'wide-resnet50-2.timm']));
    await page.locator('.canvas').focus();
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await page.locator('[data-node-type="stillroom-wide-resnet50/teacher"]').waitFor({ state: 'detached' });
  });

  it('bring a metric, with which a run ends in a section of its results', async () => {
    await added('Region overlap');
    await page.locator('[data-node-type="stillroom-pro-curves/region-overlap"]').waitFor();
    await connect('map', 'Shallow map: map');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const form = page.getByRole('form', { name: 'Run this graph' });
    await form.getByLabel('Epochs').fill('1');
    await form.getByRole('button', { name: 'Start' }).click();
    await page.locator('[data-run-state]').first().waitFor();
    const { runs } = await api<{ runs: { id: string }[] }>('/runs');
    const run = await untilRun(caller(), runs[0]!.id, isOver);
    expect([run.state, run.problem]).toEqual(['done', null]);
    // The panel of results opens by itself when the run is done.
    await page.getByRole('tab', { name: /^Results/, selected: true }).waitFor();
    const section = page.getByRole('region', { name: 'Region overlap' });
    await section.getByRole('table').waitFor({ timeout: 30_000 });
    expect(await section.getByRole('row').first().innerText()).toMatch(/regions\s+count\s+to 0\.05\s+to 0\.1\s+to 0\.3/);
    const metrics = (run.metrics as unknown as Record<string, { aupro: number }>)['tiny']!;
    // The last cell of all regions is the AUPRO of the literature, measured by other code.
    expect(await section.getByRole('row').nth(1).getByRole('cell').last().innerText()).toBe(`${(100 * metrics.aupro).toFixed(1)} %`);
    expect(faults).toEqual([]);
  }, 240_000);
});
