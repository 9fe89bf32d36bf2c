import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Served } from '../../server/api/serve.ts';
import { findEngine } from '../../server/engine/find.ts';
import { writeCategory } from '../server/runs/trial-data.ts';
import { data, document as graphOf } from '../server/runtime/trial-graphs.ts';
import { chromiumPath, openPage, startBrowser } from '../support/browser.ts';
import { engineNeed } from '../support/eager-node.ts';
import { describeWith, needs } from '../support/needs.ts';
import { changePlugin, installFixtures } from '../support/plugins.ts';
import { ask, serveTrial } from '../support/served.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describeWith([needs.program(chromiumPath), engineNeed()], 'viewers and controls of a plugin', () => {
  const home = mkdtempSync(join(temporaryFolder(), 'home-'));
  const folder = join(home, 'data');
  let served: Served;
  let browser: Browser;
  let page: Page;
  let faults: string[];

  const viewer = (): Locator => page.locator('[data-viewer="gain.images"]');
  const choose = (name: string): Promise<unknown> => viewer().getByLabel('How gain.images is shown').selectOption({ label: name });
  const part = (name: string): Locator => page.locator(`[data-client-part="looks/${name}"]`);
  const frame = (name: string): FrameLocator => part(name).frameLocator('iframe');
  /** What the viewer says that it was given. */
  const told = async (): Promise<Record<string, unknown>> => JSON.parse(await frame('mean').getByText('{').innerText({ timeout: 20_000 })) as never;

  beforeAll(async () => {
    vi.stubEnv('STILLROOM_ENGINE', findEngine()!.directory);
    vi.stubEnv('STILLROOM_HOME', home);
    vi.stubEnv('STILLROOM_CACHE', join(home, 'cache'));
    installFixtures(home, 'looks');
    await writeCategory(join(folder, 'bottle'), 8);
    served = await serveTrial({ home, editor: true, dataRoots: [folder] });
    const caller = { ...served, token: served.token! };
    await ask(caller, 'POST', '/datasets', { path: folder });
    const plain = graphOf('Gain', data(16), ['dataset.dataset -> decode.dataset', 'decode.images -> gain.images']);
    const graph = { ...plain, nodes: { ...plain.nodes, gain: { type: 'looks/gain', version: 1, params: { gain: 2 } } } };
    const { id } = (await ask(caller, 'POST', '/graphs', { document: graph })).body as { id: string };
    browser = await startBrowser();
    ({ page, faults } = await openPage(browser, served, `/graphs/${id}`));
    await page.getByRole('tab', { name: /^Preview/ }).click();
    await page.getByLabel('Add a viewer').selectOption('gain.images');
    await viewer().getByRole('img').first().waitFor({ timeout: 60_000 });
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
    vi.unstubAllEnvs();
  });

  it('shows the values that flow, with the image and its name, in an origin of its own', async () => {
    await choose('Mean of all values');
    const seen = await told();
    expect(seen).toMatchObject({ shape: [16, 16, 3], type: 'images', image: [16, 16], theme: 'light', origin: 'null' });
    expect(seen['sample']).toEqual({ file: await page.locator('[data-image]').getAttribute('data-image'), defect: 'hole, "deep"' });
    expect(await part('mean').getAttribute('data-part-state')).toBe('running');
  });

  it('shows the next value once a parameter is set by the plugin’s own control, as one step of undo', async () => {
    const before = (await told())['mean'] as number;
    await page.locator('[data-node-id=gain] h3').click();
    const steps = frame('steps');
    await expect.poll(() => steps.getByRole('button', { name: '×2' }).getAttribute('aria-pressed')).toBe('true');
    await steps.getByRole('button', { name: '×4' }).click();
    await expect.poll(async () => (await told())['mean'], { timeout: 20_000 }).toBeCloseTo(2 * before, 4);
    await page.locator('[data-node-id=gain] h3').click();
    await page.keyboard.press('Control+z');
    await expect.poll(async () => (await told())['mean'], { timeout: 20_000 }).toBeCloseTo(before, 4);
  });

  it('puts the usual control in the place of one that fails, and says what failed', async () => {
    await part('broken').getByText('"Broken" of looks failed: it was made to fail').waitFor();
    const usual = page.locator('[data-param=offset]').getByRole('spinbutton');
    await usual.fill('0.25');
    expect(await usual.inputValue()).toBe('0.25');
    await usual.fill('0');
  });

  it('names a viewer that throws, or that has no file, and goes on', async () => {
    await choose('One that throws');
    await viewer().getByText('"One that throws" of looks failed: it was made to fail').waitFor();
    await choose('One without a file');
    await viewer().getByText(/"One without a file" of looks failed: expected the file that the manifest of looks names, found no such file/).waitFor();
    await choose('Mean of all values');
    expect(await told()).toMatchObject({ type: 'images' });
  });

  it('stops a viewer that never returns, while the page and the other frames go on', async () => {
    await page.getByLabel('Add a viewer').selectOption('decode.images');
    const other = page.locator('[data-viewer="decode.images"]');
    await other.getByRole('img').first().waitFor({ timeout: 20_000 });
    await choose('One that never returns');
    await part('never-returns').and(page.locator('[data-part-state=running]')).waitFor();
    // The frame is held up by now; another one begins and shows beside it.
    await other.getByLabel('How decode.images is shown').selectOption({ label: 'Mean of all values' });
    expect(await told()).toMatchObject({ shape: [16, 16, 3] });
    await viewer().getByText('"One that never returns" of looks did not return and was stopped.').waitFor({ timeout: 20_000 });
    await other.getByRole('button', { name: 'Unpin decode.images' }).click();
    await choose('Mean of all values');
    expect(await told()).toMatchObject({ type: 'images' });
  });

  it('says that its plugin is switched off, and runs the code that there is once it is on again', async () => {
    const caller = { ...served, token: served.token! };
    await ask(caller, 'PATCH', '/plugins/looks', { enabled: false });
    await viewer().getByText('The viewer looks/mean is of a plugin that is not in use.').waitFor({ timeout: 20_000 });
    changePlugin(home, 'looks', 'client/mean.js', (text) => text.replace('JSON.stringify({ mean', "JSON.stringify({ edition: 'second', mean"));
    await ask(caller, 'PATCH', '/plugins/looks', { enabled: true });
    await expect.poll(async () => (await told())['edition'], { timeout: 20_000 }).toBe('second');
  });

  it('keeps the session, the page, the API and all other hosts from a viewer', async () => {
    expect(faults).toEqual([]);
    const address = page.url();
    await choose('One that pries');
    const tried = JSON.parse(await frame('pries').getByText('{').innerText({ timeout: 20_000 })) as Record<string, string>;
    expect(tried).toEqual({ cookie: 'refused: SecurityError', storage: 'refused: SecurityError', page: 'refused: SecurityError', api: 'refused: TypeError', webrtc: 'refused: TypeError', inner: 'refused: SecurityError', elsewhere: 'refused: TypeError' });
    await viewer().getByText('"One that pries" of looks did not return and was stopped.').waitFor({ timeout: 20_000 });
    expect(faults.filter((one) => one.includes("Framing 'http://example.org/' violates"))).toHaveLength(1);
    expect(page.url()).toBe(address);
  });
});
