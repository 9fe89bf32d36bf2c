import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { pino } from 'pino';
import sharp from 'sharp';
import { createRandom } from '../plugins/sdk/random.ts';
import { serve, type Served } from '../server/api/serve.ts';
import { readGraphFile } from '../server/cli/graph-file.ts';
import { table } from '../server/cli/table.ts';
import { ensureEngine } from '../server/engine/ensure.ts';
import type { GraphDocument } from '../server/graph/document.ts';
import { createRegistry } from '../server/graph/registry.ts';
import { builtinPacks } from '../server/plugins/builtin.ts';
import { atShare } from './at-share.ts';

/**
 * `tsx bench/preview.ts`: how long who edits a graph waits for its results, over HTTP, with the graph's weights as they
 * start. Nothing else should be at work on the machine.
 */
const options = new Command('preview')
  .argument('[graph]', 'what is previewed', 'graphs/dual-model.json')
  .option('--repeats <n>', 'edits of each kind', Number, 30)
  .option('--side <n>', 'height and width of the images, px', Number, 1024)
  .parse();
const { repeats, side } = options.opts<{ repeats: number; side: number }>();

interface Measured {
  what: string;
  times: number[];
  computed: number;
}

/** What an editor shows beside a graph: the image, the map, the scores and a feature. */
const wanted = [
  { node: 'resize-crop', socket: 'images' },
  { node: 'localisation', socket: 'map' },
  { node: 'detection', socket: 'score' },
  { node: 'teacher-deep', socket: 'stage5', as: { kind: 'pca' } },
];

const folder = mkdtempSync(join(tmpdir(), 'stillroom-preview-'));
const registry = createRegistry(builtinPacks);
process.env['STILLROOM_ENGINE'] = (await ensureEngine(() => {})).library.directory;
process.env['STILLROOM_HOME'] = folder;
process.env['STILLROOM_CACHE'] = join(folder, 'cache');
try {
  const { document } = await readGraphFile(options.args[0] ?? 'graphs/dual-model.json', registry);
  const images = await Promise.all(Array.from({ length: repeats + 1 }, (_, i) => writeNoise(join(folder, `${i}.png`), i)));
  const measured = [...(await firsts(document, images[0]!)), ...(await edits(document, images))];
  const rows = measured.map(({ what, times, computed }) => [what, String(computed), ...[0.5, 0.95].map((share) => atShare(times, share).toFixed(0))]);
  process.stdout.write(`${table(['preview', 'nodes computed', 'median, ms', '95 %, ms'], rows, [1, 2, 3])}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The first of a process: with networks never traced before, and as they lie on disk. */
async function firsts(document: GraphDocument, image: string): Promise<Measured[]> {
  const found: Measured[] = [];
  for (const what of ['first, nothing on disk', 'first of a process']) {
    const served = await start();
    found.push({ what, ...(await previews(served, [{ document, image }])) });
    await served.close();
  }
  return found;
}

/** Every image is known before an edit is tried on it; no edit is tried twice on an image. */
async function edits(document: GraphDocument, images: readonly string[]): Promise<Measured[]> {
  const served = await start();
  const [first, ...others] = images as [string, ...string[]];
  const changed = (node: string, params: Record<string, unknown>): Asked[] => others.map((image) => ({ document: edited(document, node, params), image }));
  await previews(served, [{ document, image: first }]);
  const found: Measured[] = [];
  const measure = async (what: string, asked: readonly Asked[]): Promise<void> => void found.push({ what, ...(await previews(served, asked)) });
  await measure('another image', others.map((image) => ({ document, image })));
  await measure('nothing changed', others.map((image) => ({ document, image })));
  await measure('smooth-shallow.sigma changed', changed('smooth-shallow', { sigma: 2 }));
  await measure('distance-layer1.form changed', changed('distance-layer1', { form: 'mse' }));
  await measure('distance-kd-stage5.form changed', changed('distance-kd-stage5', { form: 'l2' }));
  await measure('student-deep.depth changed, first', changed('student-deep', { depth: 2 }).slice(0, 1));
  await measure('student-deep.depth changed, later', changed('student-deep', { depth: 2 }).slice(1));
  await served.close();
  return found;
}

interface Asked {
  document: GraphDocument;
  image: string;
}

async function previews({ address, token }: Served, asked: readonly Asked[]): Promise<Omit<Measured, 'what'>> {
  const times: number[] = [];
  let computed = 0;
  for (const { document, image } of asked) {
    const begun = performance.now();
    const answer = await fetch(`${address}/api/preview`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ document, images: [{ image: { path: image } }], wanted }),
    });
    const body = (await answer.json()) as { nodes: Record<string, { computed: number }> };
    if (!answer.ok) throw new Error(JSON.stringify(body));
    times.push(performance.now() - begun);
    computed = Object.values(body.nodes).filter((node) => node.computed > 0).length;
  }
  return { times, computed };
}

function edited(document: GraphDocument, id: string, params: Record<string, unknown>): GraphDocument {
  const node = document.nodes[id]!;
  return { ...document, nodes: { ...document.nodes, [id]: { ...node, params: { ...node.params, ...params } } } };
}

function start(): Promise<Served> {
  return serve({ home: folder, port: 0, host: '127.0.0.1', version: '', dataRoots: [folder], provisionEngine: false, log: pino({ level: 'silent' }) });
}

async function writeNoise(file: string, seed: number): Promise<string> {
  const { uniform } = createRandom('preview', seed);
  await sharp(Uint8Array.from({ length: side * side * 3 }, () => 255 * uniform()), { raw: { width: side, height: side, channels: 3 } }).toFile(file);
  return file;
}
