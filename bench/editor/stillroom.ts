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
    node: '.node',
    wire: '.wires path[data-edge]',
    picture: '.canvas.picture [role=img] canvas',
    pictured: (page) => page.evaluate(pictured),
    async enter(context) {
      // As somebody who was here before.
      await context.addInitScript("localStorage.setItem('stillroom.tour', 'over')");
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

/** Nodes that are not in the page still have their elements, which say where they are. */
function pictured(): { x: number; y: number } {
  const area = document.querySelector('.canvas .area')!.getBoundingClientRect();
  const holder = document.querySelector<HTMLElement>('.canvas .area > div')!;
  const view = new DOMMatrix(holder.style.transform);
  const places = [...holder.children].flatMap((one) => {
    const { transform, display } = (one as HTMLElement).style;
    if (display !== 'none') return [];
    const { e: x, f: y } = new DOMMatrix(transform);
    return [{ x: area.x + view.e + (x + 60) * view.a, y: area.y + view.f + (y + 40) * view.a }];
  });
  const away = ({ x, y }: { x: number; y: number }): number => Math.hypot(x - area.x - area.width / 2, y - area.y - area.height / 2);
  return places.reduce((best, place) => (away(place) < away(best) ? place : best));
}
