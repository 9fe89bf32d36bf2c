import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import axe, { type AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Served } from '../../server/api/serve.ts';
import { loadEngine } from '../../server/engine/load.ts';
import type { WhyAnswer } from '../../server/interactive/why-task.ts';
import { run } from '../../server/runs/run.ts';
import { chromiumPath, openPage, startBrowser } from '../support/browser.ts';
import { engineNeed } from '../support/eager-node.ts';
import { describeWith, needs } from '../support/needs.ts';
import { ask, serveTrial } from '../support/served.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { writeCategory } from '../server/runs/trial-data.ts';
import { trialRequest } from '../server/runs/trial-request.ts';

const file = 'bottle/test/hole, "deep"/000.png';

describeWith([needs.program(chromiumPath), engineNeed()], 'why here?, on the page of a run', () => {
  const home = mkdtempSync(join(temporaryFolder(), 'home-'));
  const data = join(home, 'data');
  let served: Served;
  let browser: Browser;
  let page: Page;
  let faults: string[];
  const why = async (x: number, y: number, result?: string): Promise<WhyAnswer> =>
    (await ask(served, 'POST', '/runs/first/why', { image: { file }, x, y, ...(result ? { result } : {}) })).body;
  const panel = (): ReturnType<Page['locator']> => page.getByRole('region', { name: 'Why here?' });
  const picture = (): ReturnType<Page['locator']> => page.getByRole('button', { name: /and its map: point to a pixel/ });
  const valueShown = async (): Promise<number> => Number(await panel().locator('[data-result-value]').getAttribute('data-result-value'));

  beforeAll(async () => {
    const engine = await loadEngine();
    // A cache of its own, with the engine that is there.
    vi.stubEnv('STILLROOM_ENGINE', engine.library.directory);
    vi.stubEnv('STILLROOM_HOME', home);
    vi.stubEnv('STILLROOM_CACHE', join(home, 'cache'));
    await writeCategory(join(data, 'bottle'), 8);
    await run(trialRequest(async () => engine, { data, out: join(home, 'runs', 'first') }));
    served = await serveTrial({ home, editor: true, dataRoots: [data] });
    browser = await startBrowser();
    ({ page, faults } = await openPage(browser, served, '/runs/first'));
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
    vi.unstubAllEnvs();
  });

  it('tells of the pixel that is clicked, in the image or in its map, what the server says of it', async () => {
    await page.getByRole('button', { name: /hole, "deep"\/000\.png/ }).click();
    await picture().locator('img').evaluate((one) => (one as HTMLImageElement).decode());
    const box = (await picture().boundingBox())!;
    // Pixel 6, 5 of 16×16, in the right half.
    await page.mouse.click(box.x + (box.width * (16 + 6.5)) / 32, box.y + (box.height * 5.5) / 16);
    await panel().locator('[data-result-value]').waitFor({ timeout: 60_000 });
    const { result, contributions, nearest } = await why(6, 5);
    expect(await valueShown()).toBeCloseTo(result.value, 9);
    for (const one of contributions) {
      const row = panel().locator(`[data-contribution=${one.node}]`);
      expect(Number(await row.locator('[data-value]').getAttribute('data-value'))).toBeCloseTo(one.value, 9);
      expect(Number(await row.locator('[data-effect]').getAttribute('data-effect'))).toBeCloseTo(one.effect!, 9);
    }
    const largest = contributions.reduce((a, b) => (b.effect! > a.effect! ? b : a));
    expect(Number(await panel().locator('[data-cosine]').getAttribute('data-cosine'))).toBeCloseTo(largest.gap!.cosine, 9);
    const patches = nearest.find(({ socket }) => socket === largest.teacher!.socket)!.patches;
    expect(await page.getByRole('region', { name: 'Nearest normal patches' }).locator('[data-patch]').evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset['patch']))).toEqual([file, ...patches.map(({ image }) => image)]);
    // Nothing has moved under the pointer.
    expect(await picture().boundingBox()).toEqual(box);
    await page.mouse.click(box.x + (box.width * 2.5) / 32, box.y + (box.height * 12.5) / 16);
    const other = await why(2, 12);
    await vi.waitFor(async () => expect(await valueShown()).toBeCloseTo(other.result.value, 9), { timeout: 10_000 });
  });

  it('shows its pictures, teacher, student and difference beside one another among them', async () => {
    const shown = page.getByRole('region', { name: 'Teacher and student side by side' });
    await shown.locator('[data-layer=difference] img').waitFor();
    await shown.getByLabel('Shown as').selectOption('pca');
    await vi.waitFor(async () => expect(await shown.locator('.legend').count()).toBe(1), { timeout: 10_000 });
    const pictures = page.getByRole('dialog').locator('img');
    expect(await pictures.count()).toBe(1 + 3 + 4);
    await vi.waitFor(async () => expect(await pictures.evaluateAll((all) => all.every((one) => (one as HTMLImageElement).naturalWidth > 0))).toBe(true), { timeout: 10_000 });
  });

  it('follows the arrow keys, another layer and another result', async () => {
    await picture().focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowRight');
    const { result } = await why(3, 11);
    await vi.waitFor(async () => expect(await valueShown()).toBeCloseTo(result.value, 9), { timeout: 10_000 });
    expect(await page.locator('[data-point]').first().getAttribute('data-point')).toBe('3,11');
    const layer = panel().locator('[data-contribution=map2]').getByRole('button');
    await layer.click();
    expect(await layer.getAttribute('aria-pressed')).toBe('true');
    await page.getByRole('region', { name: 'Gap of teacher and student' }).getByText('at Distance map').waitFor();
    await panel().getByLabel('Result').selectOption('detection');
    await panel().getByText('pixel 3, 11').waitFor();
    expect(await picture().getAttribute('aria-label')).toContain(file);
  });

  it('can be read by all', async () => {
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(
      () => (window as unknown as { axe: { run(context: string, options: object): Promise<AxeResults> } }).axe.run('dialog', { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }),
    );
    expect(violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary ?? ''}`))).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(faults).toEqual([]);
  });
});
