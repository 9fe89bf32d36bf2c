import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { chromium } from 'playwright-core';
import { table } from '../../server/cli/table.ts';
import type { GraphDocument } from '../../server/graph/document.ts';
import { atShare } from '../at-share.ts';
import { firstLoad, type Sizes } from './first-load.ts';
import { largeGraph, pictureOf } from './graph.ts';
import { gestures, inWords, measure, type Measured } from './measure.ts';
import { servePeers, type Peers } from './peers.ts';
import { serveStillroom } from './stillroom.ts';

/**
 * `tsx bench/editor/main.ts`: how long graphs of many nodes take to open in a browser, and how long frames last while
 * somebody works on them, here and in other editors of the same browser; and what a first visit fetches. Chromium draws in
 * software, in a window of 1440×900. Nothing else should be at work.
 */
const { sizes, seconds, repeats, peers: hasPeers, only, field: hasField } = new Command('editor')
  .option('--sizes <n...>', 'nodes of the graphs', ['100', '500', '1000', '2000'])
  .option('--seconds <n>', 'of each gesture', Number, 2)
  .option('--repeats <n>', 'times that each is done', Number, 5)
  .option('--peers', 'measure other editors too; installs them beside their pages')
  .option('--no-field', 'other editors: nodes without an input field')
  .option('--only <words>', 'only editors whose name has these words')
  .parse()
  .opts<{ sizes: string[]; seconds: number; repeats: number; peers?: boolean; field: boolean; only?: string }>();

const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const folder = mkdtempSync(join(tmpdir(), 'stillroom-editor-'));
process.env['STILLROOM_CACHE'] = join(folder, 'cache');
const peers: Peers | null = hasPeers ? await servePeers(join(folder, 'peers'), hasField) : null;
const stillroom = await serveStillroom(join(folder, 'home'));
const browser = await chromium.launch({ executablePath: process.env['STILLROOM_CHROMIUM'] ?? '/usr/bin/chromium', args });
try {
  say(`${availableParallelism()} × ${cpus()[0]!.model}, Chromium ${browser.version()}, load ${loadavg()[0]!.toFixed(1)}; times in ms, median (95 %)\n`);
  const editors = [stillroom.editor, ...(peers?.editors ?? [])].filter(({ name }) => only === undefined || name.includes(only));
  const rows: string[][] = [];
  for (const size of sizes.map(Number)) {
    const document = largeGraph(size);
    const graph = { document, picture: pictureOf(document) };
    for (const editor of editors) {
      const one = await measure(browser, editor, graph, { repeats, seconds });
      process.stderr.write(`${size} nodes, ${editor.name}: opened in ${atShare(one.opened, 0.5).toFixed(0)} ms\n`);
      rows.push([String(size), editor.name, ...figuresOf(one)]);
    }
  }
  const headings = ['nodes', 'editor', 'opened', 'of that drawn', 'then', ...gestures.map(({ name }) => name), 'let go'];
  say(table(headings, rows, headings.flatMap((_, i) => (i === 1 ? [] : [i]))));
  const graph = JSON.parse(readFileSync(new URL('../../graphs/dual-model.json', import.meta.url), 'utf8')) as GraphDocument;
  const { ready, code, data } = await firstLoad(browser, stillroom, graph, repeats);
  say(`\nFirst visit, ${Object.keys(graph.nodes).length} nodes: ready after ${inWords(ready)} ms`);
  const sizesOf = (name: string, { files, ...bytes }: Sizes): string[] => [name, String(files), ...[bytes.served, bytes.plain, bytes.gzip, bytes.brotli].map((one) => (one / 1000).toFixed(0))];
  say(table(['kB', 'files', 'served', 'plain', 'gzip', 'brotli'], [sizesOf('code', code), sizesOf('data', data)], [1, 2, 3, 4, 5]));
} finally {
  await browser.close();
  await stillroom.close();
  await peers?.close();
  rmSync(folder, { recursive: true, force: true });
}

function figuresOf({ opened, drawn, frames: of, settled, dropped }: Measured): string[] {
  return [atShare(opened, 0.5).toFixed(0), atShare(drawn, 0.5).toFixed(0), settled.toFixed(0), ...gestures.map(({ name }) => inWords(of.get(name)!)), dropped.toFixed(0)];
}
