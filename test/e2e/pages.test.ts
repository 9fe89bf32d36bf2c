import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import axe, { type AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Served } from '../../server/api/serve.ts';
import { chromiumPath, openPage, startBrowser, untilReady } from '../support/browser.ts';
import { describeWith, needs } from '../support/needs.ts';
import { ask, serveTrial } from '../support/served.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { recordRun } from '../server/runs/recorded-run.ts';
import { writeCategory } from '../server/runs/trial-data.ts';

describeWith(needs.program(chromiumPath), 'the pages around the editor', () => {
  const home = mkdtempSync(join(temporaryFolder(), 'home-'));
  const data = join(home, 'data');
  let served: Served;
  let browser: Browser;
  let dataset: string;
  let graph: string;

  beforeAll(async () => {
    vi.stubEnv('STILLROOM_CACHE', join(home, 'cache'));
    await writeCategory(join(data, 'bottle'), 6);
    served = await serveTrial({ home, editor: true, dataRoots: [data] });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
    vi.unstubAllEnvs();
  });

  /** Problems of WCAG 2.2 AA, each with what it was found at. */
  async function problemsOf(page: Page): Promise<string[]> {
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(
      () => (window as unknown as { axe: { run(context: Document, options: object): Promise<AxeResults> } }).axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }),
    );
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary ?? ''}`));
  }

  it('say what to do where there is nothing yet', async () => {
    const { page, faults } = await openPage(browser, served);
    const says = async (path: string, text: RegExp): Promise<void> => {
      await page.goto(served.address + path);
      await page.getByText(text).first().waitFor();
      expect(await problemsOf(page), path).toEqual([]);
    };
    await says('/', /Begin with one of the templates/);
    await says('/runs', /Open a graph and press Run/);
    await says('/compare', /Choose two or more finished runs/);
    await says('/datasets', /Register a folder below, upload one, or take the generated demo set/);
    await says('/runs/nothing', /There is no such run/);
    await says('/datasets/nothing', /There is no such dataset/);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('register a folder, look at its images, and show what is in it', async () => {
    const { page, faults } = await openPage(browser, served, '/datasets');
    await page.getByRole('button', { name: data, exact: true }).click();
    await page.getByRole('button', { name: 'Register this folder' }).click();
    await page.getByRole('heading', { name: 'Categories' }).waitFor();
    const row = page.getByRole('row', { name: /^bottle/ });
    expect(await row.getByRole('cell').allInnerTexts()).toEqual(['6', 'by the run', '2', '3', '2', '16×16', expect.stringContaining('png') as string, expect.stringContaining('hole') as string]);
    expect(await page.getByText('1–11 of 11').isVisible()).toBe(true);
    await page.getByLabel('Defect').selectOption('hole, "deep"');
    await page.getByText('1–3 of 3').waitFor();
    await page.getByRole('button', { name: /hole, "deep"\/000\.png/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByAltText('Mask of the defect').waitFor();
    await page.keyboard.press('ArrowRight');
    await dialog.getByText('2 of 3').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    dataset = new URL(page.url()).pathname;
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('compare runs, and give the table to be pasted elsewhere', async () => {
    await recordRun(join(home, 'runs', 'first'));
    await recordRun(join(home, 'runs', 'second'), { own: { imageAuroc: 0.9 }, graph: ({ nodes }) => void (nodes['smooth-shallow']!.params!['sigma'] = 6) });
    const { page, faults } = await openPage(browser, served, '/runs');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('checkbox').nth(1).waitFor();
    for (const one of await page.getByRole('checkbox').all()) await one.check();
    await page.getByRole('link', { name: 'Compare 2 runs' }).click();
    await page.getByRole('heading', { name: 'Curves' }).waitFor();
    const change = page.locator('[data-diff] tbody tr');
    await change.waitFor();
    expect(await change.innerText()).toMatch(/^Shallow map\s+smooth-shallow\s+sigma\s+(4 px\s+6 px|6 px\s+4 px)$/);
    const figures = page.locator('table').first();
    await figures.getByText('90.0').first().waitFor();
    expect(await figures.getByText('75.0').count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Copy Markdown' }).click();
    await page.getByText('Copied as Markdown').waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    const { body } = await ask(served, 'GET', '/runs');
    expect((body as { total: number }).total).toBe(2);
    expect(copied).toMatch(/^\|/);
    expect(copied).toContain('90.0');
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('show a recorded run: its losses, its figures, its images by how wrong they are called', async () => {
    const { page, faults } = await openPage(browser, served, '/runs/first');
    await page.locator('[data-fit=fit-shallow] canvas').waitFor();
    expect(await page.locator('[data-metric=imageAuroc]').first().innerText()).toBe('75.0');
    const count = (name: string): Promise<string> => page.locator(`[data-count=${name}]`).innerText();
    expect([await count('truePositives'), await count('falsePositives'), await count('trueNegatives'), await count('falseNegatives')]).toEqual(['2', '1', '1', '1']);
    expect(await page.locator('[data-share=alarms]').innerText()).toMatch(/^50\.0 % \(1\.3–98\.7 %\)/);
    await page.getByLabel('Show').selectOption('wrong');
    expect(await page.locator('[data-shown]').getAttribute('data-shown')).toBe('2');
    await page.getByRole('spinbutton', { name: 'Threshold' }).fill('2.6');
    expect([await count('falsePositives'), await count('falseNegatives')]).toEqual(['0', '1']);
    expect(await page.locator('[data-shown]').getAttribute('data-shown')).toBe('1');
    expect(faults).toEqual([]);
    await page.context().close();
  });

  for (const dark of [false, true]) {
    it(`meet WCAG 2.2 AA, each of them, in ${dark ? 'dark' : 'light'} colours, and fit a window of 1280×720`, async () => {
      if (!graph) graph = `/graphs/${((await ask(served, 'POST', '/graphs', { template: 'shallow' })).body as { id: string }).id}`;
      const { page, faults } = await openPage(browser, served, '/', { dark });
      for (const path of ['/', '/runs', '/runs/first', '/compare?run=first&run=second', '/datasets', dataset, '/weights', '/plugins', '/engine', graph]) {
        await page.goto(served.address + path);
        await untilReady(page);
        await page.waitForLoadState('networkidle');
        expect(await problemsOf(page), path).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${path} is as wide as its window`).toBe(true);
        expect(await page.evaluate(() => document.documentElement.scrollHeight <= window.innerHeight), `${path} scrolls within its page`).toBe(true);
      }
      expect(faults).toEqual([]);
      await page.context().close();
    });
  }

  it('are reached by keyboard, and show where the focus is', async () => {
    const { page } = await openPage(browser, served);
    await page.keyboard.press('Tab');
    const seen: string[] = [];
    for (let i = 0; i < 6; i++) {
      const { name, outline } = await page.evaluate(() => {
        const { textContent } = document.activeElement!;
        return { name: textContent.trim(), outline: getComputedStyle(document.activeElement!).outlineStyle };
      });
      seen.push(name);
      expect(outline, name).toBe('solid');
      if (i < 5) await page.keyboard.press('Tab');
    }
    expect(seen).toEqual(['Home', 'Runs', 'Data', 'Weights', 'Plugins', 'Engine']);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Engine', level: 1 }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
    await page.goBack();
    await page.getByRole('heading', { name: 'Stillroom', level: 1 }).waitFor();
    await page.context().close();
  });
});
