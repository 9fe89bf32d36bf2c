import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { svelte, vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { build, preview } from 'vite';
import type { PictureOfGraph } from './peers/graph.ts';
import type { Editor } from './editor.ts';

const root = fileURLToPath(new URL('./peers/', import.meta.url));

/** Other editors' pages, served. */
export interface Peers {
  editors: Editor[];
  close(): Promise<void>;
}

/** Installs what the peers are made of beside their pages, builds these into a folder and serves them from there. */
export async function servePeers(folder: string, hasField: boolean): Promise<Peers> {
  await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: root });
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    plugins: [svelte({ configFile: false, preprocess: vitePreprocess({ style: true }) })],
    // rete's renderer is written for an older sass, which warns of that in each file.
    css: { preprocessorOptions: { scss: { quietDeps: true, logger: { warn: () => undefined, debug: () => undefined } } } },
    build: { outDir: folder, emptyOutDir: true, target: 'es2022', rolldownOptions: { input: ['rete.html', 'xyflow.html'].map((page) => join(root, page)) } },
  });
  await writeFile(join(folder, 'none.html'), '<title>none</title>');
  const server = await preview({ root, configFile: false, logLevel: 'error', build: { outDir: folder }, preview: { port: 0, host: '127.0.0.1' } });
  const address = server.resolvedUrls!.local[0]!;
  const editor = (name: string, page: string, selectors: Pick<Editor, 'area' | 'node' | 'wire'>, query = ''): Editor => ({
    name,
    ...selectors,
    async open({ picture }) {
      const data = await put(folder, picture);
      return { address: `${address}${page}?graph=/${data}${hasField ? '&field' : ''}${query}`, data };
    },
    showAll: (page) => page.evaluate(() => window.reach.showAll()),
    showAtReading: (page) => page.evaluate(() => window.reach.showAtReading()),
  });
  const xyflow = { area: '.svelte-flow', node: '.svelte-flow__node', wire: '.svelte-flow__edge' };
  return {
    editors: [
      editor('@xyflow/svelte', 'xyflow.html', xyflow),
      editor('@xyflow/svelte, culled', 'xyflow.html', xyflow, '&culled'),
      editor('rete, its renderer', 'rete.html', { area: '#app', node: '[data-testid=node]', wire: '[data-testid=connection] path[d^=M]' }),
    ],
    close: () => server.close(),
  };
}

async function put(folder: string, graph: PictureOfGraph): Promise<string> {
  const name = `graphs/${graph.nodes.length}.json`;
  await mkdir(join(folder, 'graphs'), { recursive: true });
  await writeFile(join(folder, name), JSON.stringify(graph));
  return name;
}
