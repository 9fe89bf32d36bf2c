import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { pino } from 'pino';
import { serve, type Served } from '../../server/api/serve.ts';
import type { GraphDocument } from '../../server/graph/document.ts';
import { chromiumPath, openPage, startBrowser } from '../support/browser.ts';
import { describeWith, needs } from '../support/needs.ts';
import { ask } from '../support/served.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describeWith(needs.program(chromiumPath), 'two tabs on one graph', () => {
  const home = mkdtempSync(join(temporaryFolder(), 'home-'));
  let served: Served;
  let browser: Browser;
  let tabs: Page[];
  let id: string;
  const faults: string[][] = [];

  const epochs = async (): Promise<unknown> => {
    const { body } = await ask({ address: served.address, token: served.token! }, 'GET', `/graphs/${id}`);
    return (body as { document: GraphDocument }).document.nodes['fit-student']!.params?.['epochs'];
  };
  const field = (page: Page): Locator => page.locator('[data-param=epochs] input');
  const saved = (page: Page): Promise<void> => page.getByText('Saved', { exact: true }).waitFor();
  const clashes = (page: Page): Locator => page.locator('[data-clash="nodes/fit-student/params/epochs"]');
  /** One sets the epochs, then the other does without knowing. */
  const setBoth = async (first: string, second: string): Promise<void> => {
    const [one, two] = tabs as [Page, Page];
    await two.context().setOffline(true);
    await field(two).fill(second);
    await field(one).fill(first);
    await saved(one);
    await two.context().setOffline(false);
    await clashes(two).waitFor({ timeout: 20_000 });
  };

  beforeAll(async () => {
    vi.stubEnv('STILLROOM_CACHE', join(home, 'cache'));
    served = await serve({ home, port: 0, host: '127.0.0.1', version: '1.2.3', provisionEngine: false, editor: true, log: pino({ level: 'silent' }) });
    const made = await ask({ address: served.address, token: served.token! }, 'POST', '/graphs', { template: 'dual-model' });
    id = (made.body as { id: string }).id;
    browser = await startBrowser();
    tabs = [];
    for (let i = 0; i < 2; i++) {
      const { page, faults: found } = await openPage(browser, served, `/graphs/${id}`);
      faults.push(found);
      page.setDefaultTimeout(10_000);
      await page.locator('[data-node-id=fit-student] h3').click();
      await field(page).waitFor();
      tabs.push(page);
    }
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
    vi.unstubAllEnvs();
  });

  it('sees what the other saves', async () => {
    await field(tabs[0]!).fill('120');
    await expect.poll(() => field(tabs[1]!).inputValue()).toBe('120');
  });

  it('shows both values of a field that both have set, saves neither silently, and keeps the one that is chosen', async () => {
    await setBoth('130', '140');
    const two = tabs[1]!;
    await saved(two);
    expect(await epochs()).toBe(130);
    expect(await field(two).inputValue()).toBe('130');
    await clashes(two).getByRole('button', { name: 'Take theirs: 130' }).waitFor();
    await clashes(two).getByRole('button', { name: 'Keep mine: 140' }).click();
    await expect.poll(epochs).toBe(140);
    await expect.poll(() => field(tabs[0]!).inputValue()).toBe('140');
  });

  it('undoes what was kept, back to theirs', async () => {
    await tabs[1]!.locator('.canvas').focus();
    await tabs[1]!.keyboard.press('Control+z');
    await expect.poll(epochs).toBe(130);
  });

  it('leaves theirs, and nothing to be asked about', async () => {
    await setBoth('150', '160');
    await clashes(tabs[1]!).getByRole('button', { name: 'Take theirs: 150' }).click();
    await expect.poll(() => clashes(tabs[1]!).count()).toBe(0);
    await saved(tabs[1]!);
    expect(await epochs()).toBe(150);
    expect(faults.flat()).toEqual([]);
  });
});
