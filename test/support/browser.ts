import { chromium, type Browser, type Page } from 'playwright-core';
import type { Served } from '../../server/api/serve.ts';

/** The browser of the system that pages are tried in. */
export const chromiumPath = process.env['STILLROOM_CHROMIUM'] ?? '/usr/bin/chromium';

export function startBrowser(): Promise<Browser> {
  const quiet = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
  return chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', ...quiet] });
}

/** What went wrong in a page, in its own words. */
export interface Watched {
  page: Page;
  faults: string[];
}

/** A page that is signed in to a server, at an address of it, once it is ready. */
export async function openPage(browser: Browser, { address, token }: Pick<Served, 'address' | 'token'>, path = '/', { dark = false, isFirst = false } = {}): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, colorScheme: dark ? 'dark' : 'light', reducedMotion: 'reduce' });
  // As somebody who was here before.
  if (!isFirst) await context.addInitScript("if (self === top) localStorage.setItem('stillroom.tour', 'over')");
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', ({ message }) => faults.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error' && /content security policy/i.test(message.text())) faults.push(message.text());
  });
  // Until it is built a page says so and looks again by itself.
  await page.goto(`${address}/?token=${token}`);
  await untilReady(page);
  if (path !== '/') {
    await page.goto(address + path);
    await untilReady(page);
  }
  return { page, faults };
}

export async function untilReady(page: Page): Promise<void> {
  await page.waitForSelector('#app[data-state=ready]', { timeout: 90_000 });
}
