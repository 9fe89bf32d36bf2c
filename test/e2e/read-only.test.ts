import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Served } from '../../server/api/serve.ts';
import { mkdtempSync } from 'node:fs';
import { chromiumPath, openPage, startBrowser } from '../support/browser.ts';
import { describeWith, needs } from '../support/needs.ts';
import { ask, serveTrial } from '../support/served.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describeWith(needs.program(chromiumPath), 'a graph with a node of a newer version, in a browser', () => {
  const home = mkdtempSync(join(temporaryFolder(), 'home-'));
  let served: Served;
  let browser: Browser;

  beforeAll(async () => {
    vi.stubEnv('STILLROOM_CACHE', join(home, 'cache'));
    served = await serveTrial({ home, editor: true });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
    vi.unstubAllEnvs();
  });

  it('is read only, with the reason, and can be edited all the same', async () => {
    const document = { stillroom: 1, name: 'From later', nodes: { smooth: { type: 'scoring/smooth', version: 99, params: { radius: 3 } } }, edges: [], layout: { nodes: { smooth: { x: 100, y: 100 } } } };
    const { body } = await ask(served, 'POST', '/graphs', { document });
    const { id } = body as { id: string };
    const kept = async (): Promise<{ nodes: Record<string, unknown> }> => ((await ask(served, 'GET', `/graphs/${id}`)).body as { document: { nodes: Record<string, unknown> } }).document;
    const { page, faults } = await openPage(browser, served, `/graphs/${id}`);
    page.setDefaultTimeout(15_000);
    const told = page.locator('[data-read-only]');
    await told.waitFor();
    expect(await told.innerText()).toMatch(/expected "scoring\/smooth" of version \d+ or older, found 99/);
    const node = page.locator('[data-node-id=smooth]');
    await node.locator('h3').click();
    await page.keyboard.press('Delete');
    await page.waitForTimeout(600);
    expect(await node.count()).toBe(1);
    expect(await kept()).toMatchObject({ nodes: document.nodes });
    await page.getByRole('button', { name: 'Edit all the same' }).click();
    await told.waitFor({ state: 'detached' });
    await node.locator('h3').click();
    await page.keyboard.press('Delete');
    await page.getByText('Saved', { exact: true }).waitFor();
    await node.waitFor({ state: 'detached' });
    await vi.waitUntil(async () => Object.keys((await kept()).nodes).length === 0, { timeout: 10_000 });
    expect(faults).toEqual([]);
  });
});
