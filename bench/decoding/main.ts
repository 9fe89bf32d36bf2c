import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Command } from 'commander';
import { compile } from '../../server/compiler/index.ts';
import { readGraphFile } from '../../server/cli/graph-file.ts';
import { table } from '../../server/cli/table.ts';
import { decodeHere } from '../../server/data/decode-here.ts';
import { DecodeThreads } from '../../server/data/decode-threads.ts';
import { generateDemo } from '../../server/data/demo/generate.ts';
import { ensureEngine } from '../../server/engine/ensure.ts';
import { createRegistry } from '../../server/graph/registry.ts';
import { builtinPacks } from '../../server/plugins/builtin.ts';
import { loadPretrained } from '../../server/runs/pretrained.ts';
import { compilerWithCache } from '../../server/runs/program-cache.ts';
import { initialWeights } from '../../server/runtime/weight-values.ts';
import { openWeightsRegistry } from '../../server/weights/registry.ts';
import { fitTimes, throughput, type Coming, type FitTimes } from './measure.ts';
import { enlarged, imagesOf, type MeasuredSet } from './sets.ts';

/** `tsx bench/decoding/main.ts`: does decoding keep up with training? Nothing else should be at work on the machine. */
const options = new Command('decoding')
  .argument('[graph]', 'what is fitted', 'graphs/shallow.json')
  .option('--images <n>', 'images of each set', Number, 48)
  .option('--repeats <n>', 'times that each is measured, in turn; medians are given', Number, 3)
  .option('--threads <n>', 'threads that decode', Number, Math.min(8, Math.max(1, availableParallelism() - 1)))
  .parse();
const { images, repeats, threads: count } = options.opts<{ images: number; repeats: number; threads: number }>();

const folder = mkdtempSync(join(tmpdir(), 'stillroom-decoding-'));
const threads = new DecodeThreads({ startAfter: 0, threads: count });
try {
  const registry = createRegistry(builtinPacks);
  const { document } = await readGraphFile(options.args[0] ?? 'graphs/shallow.json', registry);
  const { plan } = compile(document, registry);
  const pretrained = await loadPretrained(plan.nodes.values(), await openWeightsRegistry(builtinPacks), {}, { offline: true, onProgress: () => {} });
  const fresh = [...plan.nodes.values()].filter(({ definition }) => !definition.pretrained).map((node) => initialWeights(node, 0));
  const weights = Object.assign({}, ...fresh, pretrained.values) as typeof pretrained.values;
  const compiler = compilerWithCache(await ensureEngine(() => {}), plan, registry, 'native');
  const { geometry } = plan.sources[0]!;

  await generateDemo(join(folder, 'demo'), { categories: ['textile'] });
  const demo = await imagesOf('demo set, PNG', join(folder, 'demo', 'textile', 'train', 'good'), images);
  const sets: MeasuredSet[] = [demo];
  for (const side of [1024, 2048]) {
    for (const format of ['jpeg', 'png'] as const) sets.push(await enlarged(demo, join(folder, `${side}-${format}`), side, format));
  }
  while (!threads.running) {
    await threads.decode(demo.images[0]!, geometry, [0]);
    await wait(10);
  }
  const comings: Record<string, Coming> = {
    before: 'before',
    run: { decode: threads.decode, keeps: true },
    threads: { decode: threads.decode, keeps: false },
    here: { decode: decodeHere, keeps: false },
  };
  // Once, unmeasured, so that no one pays for what the others find compiled.
  await fitTimes({ plan, weights, compile: compiler, images: demo.images, scratch: folder }, 'before', 1);
  const rows: string[][] = [];
  for (const { title, images } of sets) {
    const decoding = { here: [] as number[], threads: [] as number[], cpu: [] as number[] };
    const fits: Record<string, FitTimes> = {};
    for (let repeat = 0; repeat < repeats; repeat++) {
      decoding.here.push((await throughput(images, geometry, decodeHere)).imagesPerSecond);
      const there = await throughput(images, geometry, threads.decode);
      decoding.threads.push(there.imagesPerSecond);
      decoding.cpu.push(there.cpuSeconds);
      for (const [name, coming] of Object.entries(comings)) {
        const { features, steps } = await fitTimes({ plan, weights, compile: compiler, images, scratch: folder }, coming, 2);
        const known = (fits[name] ??= { features: [], steps: [] });
        known.features.push(...features);
        known.steps.push(...steps);
      }
    }
    const step = median(fits['before']!.steps);
    const batch = plan.fits[0]!.settings.batch;
    const against = (name: string, phase: keyof FitTimes): string => (median(fits[name]![phase]) / median(fits['before']![phase])).toFixed(2);
    rows.push([
      title,
      (median(decoding.cpu) * 1000).toFixed(0),
      (median(decoding.threads) / median(decoding.here)).toFixed(2),
      ((median(decoding.threads) * step) / batch).toFixed(1),
      ...[against('run', 'features'), against('run', 'steps')],
      ...[against('threads', 'steps'), against('here', 'features'), against('here', 'steps')],
    ]);
    process.stderr.write(`${title}: a step takes ${(1000 * step).toFixed(0)} ms with images decoded before\n`);
  }
  // All but the CPU time are ratios; those of features and steps are to the same with images decoded before.
  const columns = [
    ...['images', 'CPU ms/image', 'threads/here', 'decoding/fitting', 'run: features', 'run: steps'],
    ...['keeping none: steps', 'here: features', 'here: steps'],
  ];
  process.stdout.write(`${document.name}, ${availableParallelism()} cores, ${count} threads\n\n${table(columns, rows, [1, 2, 3, 4, 5, 6, 7, 8])}\n`);
} finally {
  await threads.close();
  rmSync(folder, { recursive: true, force: true });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
