import { pino } from 'pino';
import { serve } from '../../server/api/serve.ts';
import type { GraphDocument } from '../../server/graph/document.ts';
import type { Editor } from './editor.ts';

export interface Stillroom {
  editor: Editor & Required<Pick<Editor, 'enter'>>;
  /** Keeps a document; gives its address, and that of its page. */
  keep(document: GraphDocument): Promise<{ address: string; data: string }>;
  close(): Promise<void>;
}

/** Stillroom's own editor, on a server with a home of its own. */
export async function serveStillroom(home: string): Promise<Stillroom> {
  const { address, token, close } = await serve({ home, port: 0, host: '127.0.0.1', version: 'bench', provisionEngine: false, editor: true, log: pino({ level: 'silent' }) });
  async function keep(document: GraphDocument): Promise<{ address: string; data: string }> {
    const response = await fetch(`${address}/api/graphs`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ document }) });
    const { id } = (await response.json()) as { id: string };
    return { address: `${address}/graphs/${id}`, data: `/api/graphs/${id}` };
  }
  const editor: Stillroom['editor'] = {
    name: 'Stillroom',
    area: '.canvas',
    node: '.slot',
    wire: '.wires path[data-edge]',
    async enter(context) {
      const page = await context.newPage();
      await page.goto(`${address}/?token=${token}`);
      // The first time its pages are being built.
      await page.waitForSelector('#app[data-state=ready]', { timeout: 120_000 });
      await page.close();
    },
    open: ({ document }) => keep(document),
    showAll: (page) => page.getByRole('button', { name: 'See everything' }).click(),
    async showAtReading(page) {
      await this.showAll(page);
      await page.locator('.canvas').focus();
      await page.keyboard.press('1');
    },
  };
  return { editor, keep, close };
}
