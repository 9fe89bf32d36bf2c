import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { pino } from 'pino';
import sharp from 'sharp';
import { createRandom } from '../plugins/sdk/random.ts';
import { serve, type Served } from '../server/api/serve.ts';
import { readGraphFile } from '../server/cli/graph-file.ts';
import { table } from '../server/cli/table.ts';
import { ensureEngine } from '../server/engine/ensure.ts';
import { createRegistry } from '../server/graph/registry.ts';
import { builtinPacks } from '../server/plugins/builtin.ts';
import { run } from '../server/runs/run.ts';
import { atShare } from './at-share.ts';

/**
 * `tsx bench/why.ts`: how long who clicks a pixel waits for "why here?", over HTTP, of a run of its own on images of
 * noise. Nothing else should be at work on the machine.
 */
const options = new Command('why')
  .argument('[graph]', 'what is explained', 'graphs/dual-model.json')
  .option('--repeats <n>', 'clicks of each kind', Number, 30)
  .option('--train <n>', 'good images to learn from', Number, 140)
  .option('--side <n>', 'height and width of the images, px', Number, 512)
  .parse();
const { repeats, train, side } = options.opts<{ repeats: number; train: number; side: number }>();

const folder = mkdtempSync(join(tmpdir(), 'stillroom-why-'));
const [home, data] = [join(folder, 'home'), join(folder, 'data')];
const registry = createRegistry(builtinPacks);
process.env['STILLROOM_ENGINE'] = (await ensureEngine(() => {})).library.directory;
process.env['STILLROOM_HOME'] = home;
process.env['STILLROOM_CACHE'] = join(folder, 'cache');
try {
  const tests = Array.from({ length: repeats + 1 }, (_, i) => `noise/test/good/${i}.png`);
  for (const file of [...Array.from({ length: train }, (_, i) => `noise/train/good/${i}.png`), ...tests]) await writeNoise(join(data, file));
  const { document } = await readGraphFile(options.args[0] ?? 'graphs/dual-model.json', registry);
  await run({
    ...{ document, registry, packs: builtinPacks, data, categories: [], out: join(home, 'runs', 'noise'), seed: 0, epochs: 1, weights: {}, settings: {} },
    ...{ mode: 'native' as const, featureBudget: 2 ** 30, offline: false, engine: ensureEngine, onProgress: () => {}, emit: () => {} },
  });
  const server = await serve({ home, port: 0, host: '127.0.0.1', version: 'bench', dataRoots: [data], provisionEngine: false, log: pino({ level: 'silent' }) });
  try {
    const rows = Object.entries(await measure(server, tests)).map(([what, times]) => [what, ...[0.5, 0.95].map((share) => atShare(times, share).toFixed(0))]);
    process.stdout.write(`${table(['why here?', 'median, ms', '95 %, ms'], rows, [1, 2])}\n`);
  } finally {
    await server.close();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(server: Served, tests: readonly string[]): Promise<Record<string, number[]>> {
  const { integer } = createRandom('clicks');
  const click = (file: string, result: string): Promise<number> => {
    const place = (): number => Math.floor(side / 8) + integer(Math.floor((3 * side) / 4));
    return timed(server, '/runs/noise/why', { category: 'noise', image: { file }, result, x: place(), y: place() });
  };
  const [first, ...others] = tests as [string, ...string[]];
  const times: Record<string, number[]> = { 'first of a process': [await click(first, 'localisation')] };
  const measured = async (what: string, ask: (file: string) => Promise<number>): Promise<void> => {
    times[what] = [];
    for (const file of others) times[what].push(await ask(file));
  };
  await measured('another image', (file) => click(file, 'localisation'));
  await measured('another pixel', () => click(first, 'localisation'));
  await click(first, 'detection');
  await measured('another result of an image', (file) => click(file, 'detection'));
  await measured('another pixel of it', () => click(first, 'detection'));
  await measured('teacher, student and difference', (file) => timed(server, '/runs/noise/layer', { category: 'noise', image: { file }, node: 'distance-layer1' }));
  return times;
}

async function timed({ address, token }: Served, path: string, body: object): Promise<number> {
  const begun = performance.now();
  const response = await fetch(`${address}/api${path}`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return performance.now() - begun;
}

async function writeNoise(file: string): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  const { uniform } = createRandom('noise', file.split('/').slice(-3).join('/'));
  const pixels = Uint8Array.from({ length: side * side * 3 }, () => 256 * uniform());
  await sharp(pixels, { raw: { width: side, height: side, channels: 3 } }).png({ compressionLevel: 1 }).toFile(file);
}
