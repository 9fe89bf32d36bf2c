import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Browser, Response } from 'playwright-core';
import type { GraphDocument } from '../../server/graph/document.ts';
import type { Stillroom } from './stillroom.ts';

export interface FirstLoad {
  /** From asking for the page until the editor is ready and the graph is drawn, ms. */
  ready: number[];
  /** Page, scripts, styles and icons; and what the API says. */
  code: Sizes;
  data: Sizes;
}

/** Bytes: as they come over the wire, as they are, and compressed. */
export interface Sizes {
  files: number;
  served: number;
  plain: number;
  gzip: number;
  brotli: number;
}

/** What a browser whose cache is empty fetches to show a graph, and how long that takes. */
export async function firstLoad(browser: Browser, { editor, keep }: Stillroom, graph: GraphDocument, repeats: number): Promise<FirstLoad> {
  const { address } = await keep(graph);
  const wanted = { node: editor.node, nodes: Object.keys(graph.nodes).length };
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    await editor.enter(context);
    const ready: number[] = [];
    let [code, data] = [none, none];
    for (let i = 0; i < repeats; i++) {
      const page = await context.newPage();
      await (await context.newCDPSession(page)).send('Network.setCacheDisabled', { cacheDisabled: true });
      const responses: Response[] = [];
      page.on('response', (response) => responses.push(response));
      await page.goto(address, { waitUntil: 'commit' });
      const isReady = ({ node, nodes }: typeof wanted): boolean => document.querySelector('#app[data-state=ready]') !== null && document.querySelectorAll(node).length === nodes;
      await page.waitForFunction(isReady, wanted, { polling: 'raf' });
      ready.push(await page.evaluate(() => performance.now()));
      await page.waitForLoadState('networkidle');
      [code, data] = [none, none];
      for (const response of responses) {
        const { pathname } = new URL(response.url());
        if (pathname.startsWith('/socket.io/')) continue;
        if (pathname.startsWith('/api/')) data = await plus(data, response);
        else code = await plus(code, response);
      }
      await page.close();
    }
    return { ready, code, data };
  } finally {
    await context.close();
  }
}

const none: Sizes = { files: 0, served: 0, plain: 0, gzip: 0, brotli: 0 };

async function plus(sizes: Sizes, response: Response): Promise<Sizes> {
  const body = await response.body();
  return {
    files: sizes.files + 1,
    served: sizes.served + Number(response.headers()['content-length'] ?? body.length),
    plain: sizes.plain + body.length,
    gzip: sizes.gzip + gzipSync(body).length,
    brotli: sizes.brotli + brotliCompressSync(body).length,
  };
}
