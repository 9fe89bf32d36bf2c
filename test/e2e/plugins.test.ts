import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import axe, { type AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Served } from '../../server/api/serve.ts';
import { builtinPacks } from '../../server/plugins/builtin.ts';
import { chromiumPath, openPage, startBrowser, untilReady } from '../support/browser.ts';
import { describeWith, needs } from '../support/needs.ts';
import { fixture } from '../support/plugins.ts';
import { ask, serveTrial } from '../support/served.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { recordRun } from '../server/runs/recorded-run.ts';

describeWith(needs.program(chromiumPath), 'Plugins in the editor', () => {
  const root = temporaryFolder();
  const home = mkdtempSync(join(root, 'home-'));
  const tarball = join(root, 'acme-extras-1.0.0.tgz');
  let served: Served;
  let browser: Browser;

  beforeAll(async () => {
    vi.stubEnv('STILLROOM_CACHE', join(home, 'cache'));
    execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', root, fixture('extras')], { stdio: 'pipe' });
    served = await serveTrial({ home, editor: true, dataRoots: [root] });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
    vi.unstubAllEnvs();
  });

  async function mustBeAccessible(page: Page, when: string): Promise<void> {
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => (window as unknown as { axe: { run(context: Document, options: object): Promise<AxeResults> } }).axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }));
    expect(violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} at ${target.join(' ')}`)), when).toEqual([]);
  }
  const states = async (): Promise<string[]> => ((await ask(served, 'GET', '/plugins')).body as { plugins: { name: string; state?: string }[] }).plugins.flatMap(({ name, state }) => (state ? [`${name} ${state}`] : []));

  it('are shown with what they ask for before anything of them is there, and installed once somebody agrees', async () => {
    const { page, faults } = await openPage(browser, served, '/plugins');
    await page.getByText('None is here yet.').waitFor();
    await page.getByLabel('Send a package…').setInputFiles(tarball);
    const seen = page.getByRole('region', { name: 'Extras 1.0.0' });
    await seen.waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('seen-plugin');
    const text = await seen.innerText();
    for (const said of ['@acme/extras', 'A. Author', 'MIT', 'speaks with heat.example.org', 'Its install scripts are never run.']) expect(text).toContain(said);
    expect(text).toMatch(/sha512-[\w+/]{86}==/);
    await mustBeAccessible(page, 'looked at');
    expect(await states()).toEqual([]);
    await seen.getByRole('button', { name: 'Install it' }).press('Enter');
    await page.getByText('Extras 1.0.0 is in use.').waitFor();
    expect(await states()).toEqual(['@acme/extras on']);
    const card = page.locator('[data-plugin="@acme/extras"]');
    await card.waitFor();
    expect(await card.getAttribute('data-state')).toBe('on');
    expect(await card.innerText()).toContain('brings 3 node types, 2 socket types, 1 exporter, 1 template, 1 viewer or control');
    expect(await card.getByRole('alert').allInnerTexts()).toEqual([expect.stringContaining('foreign.json'), expect.stringContaining('broken.json')]);
    await page.waitForFunction(() => (document.querySelector('[data-plugin] img') as HTMLImageElement).naturalWidth > 0);
    expect(await page.title()).not.toBe('taken over');
    await card.getByText('documentation').click();
    await card.getByText('<b>This is text</b>, not markup.').waitFor();
    expect(await page.locator('[data-type="@acme/extras/warm"]').count()).toBe(1);
    await mustBeAccessible(page, 'installed');
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('tell in sections of the results what a metric has to say besides', async () => {
    await recordRun(join(home, 'runs', 'first'), {
      sections: [
        {
          title: 'By area',
          text: ['Small defects are <b>missed</b>.'],
          tables: [{ title: 'Overlap', columns: [{ title: 'area', kind: 'text' }, { title: 'overlap', kind: 'share' }], rows: [['small', 0.256]] }],
          curves: [{ name: 'Overlap by threshold', x: { title: 'threshold', values: [-2, 5] }, y: { title: 'overlap', values: [3, 1] } }],
        },
      ],
    });
    const { page, faults } = await openPage(browser, served, '/runs/first');
    const section = page.getByRole('region', { name: 'By area' });
    await section.getByText('Small defects are <b>missed</b>.').waitFor();
    expect((await section.getByRole('row').allInnerTexts()).map((row) => row.split('\t'))).toEqual([['area', 'overlap'], ['small', '25.6 %']]);
    expect(await section.getByRole('img', { name: 'Overlap by threshold: overlap over threshold' }).locator('text').allTextContents()).toEqual(expect.arrayContaining(['-2', '5', '3', '1']));
    const exporters = page.getByLabel('Exporter');
    expect(await exporters.locator('option').allInnerTexts()).toEqual(expect.arrayContaining(['Weights and graph', 'Census']));
    await mustBeAccessible(page, 'a run');
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)('draw their sockets and wires in the colour of the %s theme, with their own summary on the edge', async (theme) => {
    const { page, faults } = await openPage(browser, served, '/', { dark: theme === 'dark' });
    const card = page.locator('li.card', { hasText: 'Warm places' });
    expect(await card.innerText()).toContain('from @acme/extras');
    await card.getByRole('button').click();
    await page.waitForSelector('[data-node-id=warm]');
    await page.locator('.wires text', { hasText: 'heat of 16 by 16' }).waitFor({ state: 'attached' });
    const colours = await page.evaluate(() => ({
      mark: getComputedStyle(document.querySelector('[data-node-id=warm] [data-side=out] svg')!).color,
      wire: getComputedStyle(document.querySelector('.wires path[data-type="@acme/extras/heat"], .wires [data-type="@acme/extras/heat"] path')!).stroke,
      images: getComputedStyle(document.querySelector('[data-node-id=warm] [data-side=in] svg')!).color,
    }));
    const own = { light: 'rgb(154, 52, 18)', dark: 'rgb(253, 186, 116)' }[theme];
    expect(colours).toEqual({ mark: own, wire: own, images: { light: 'rgb(47, 111, 183)', dark: 'rgb(127, 178, 236)' }[theme] });
    expect(await page.locator('[data-node-id=warm] [data-side=out]').getAttribute('title')).toBe('heat: heat');
    await mustBeAccessible(page, `a graph, ${theme}`);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('are looked at by the viewer that the type of the socket names', async () => {
    const version = (type: string): number => builtinPacks.flatMap(({ nodes }) => nodes).find((node) => node.type === type)!.version;
    const nodes = { dataset: { type: 'data/dataset', version: version('data/dataset') }, decode: { type: 'data/resize-crop', version: version('data/resize-crop') }, chill: { type: '@acme/extras/chill', version: 1 } };
    const document = { stillroom: 1, name: 'Cold', nodes, edges: [{ from: 'dataset.dataset', to: 'decode.dataset' }, { from: 'decode.images', to: 'chill.images' }] };
    const { body } = await ask(served, 'POST', '/graphs', { document });
    const { page, faults } = await openPage(browser, served, `/graphs/${(body as { id: string }).id}`);
    await page.locator('.wires text', { hasText: /×/ }).first().waitFor({ state: 'attached' });
    await page.locator('[data-node-id=chill] header').click();
    await page.getByRole('button', { name: 'Preview cold' }).click();
    const shown = page.getByLabel('How chill.cold is shown');
    await shown.waitFor();
    expect(await shown.inputValue()).toBe('viewer:@acme/extras/thermometer');
    expect(await shown.locator('option:checked').innerText()).toBe('Thermometer');
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('are switched off and on and removed by keyboard, and say why one could not be fetched', async () => {
    const { page, faults } = await openPage(browser, served, '/plugins', { dark: true });
    const card = page.locator('[data-plugin="@acme/extras"]');
    await card.getByRole('button', { name: 'Switch off Extras' }).press('Enter');
    await page.waitForSelector('[data-plugin][data-state=off]');
    expect(await page.locator('[data-type="@acme/extras/warm"]').count()).toBe(0);
    await mustBeAccessible(page, 'switched off, dark');
    await card.getByRole('button', { name: 'Switch on Extras' }).press('Enter');
    await page.waitForSelector('[data-plugin][data-state=on]');
    await card.getByRole('button', { name: 'Remove… Extras' }).press('Enter');
    await card.getByRole('button', { name: /^Remove it/ }).press('Enter');
    await page.getByText('None is here yet.').waitFor();
    expect(await states()).toEqual([]);
    await page.getByLabel('Name or path').fill(join(root, 'nothing.tgz'));
    await page.getByLabel('Name or path').press('Enter');
    await page.getByRole('alert').first().waitFor();
    await page.getByLabel('Name or path').fill(tarball);
    await page.getByLabel('Name or path').press('Enter');
    await page.getByRole('region', { name: 'Extras 1.0.0' }).getByRole('button', { name: 'Leave it' }).click();
    await untilReady(page);
    expect(await states()).toEqual([]);
    expect(faults).toEqual([]);
    await page.context().close();
  });
});
