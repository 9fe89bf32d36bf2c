import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { demoCategories, generateDemo } from '../data/demo/generate.ts';
import { readDataset } from '../data/read-dataset.ts';
import { ensureEngine } from '../engine/ensure.ts';
import { identityOf } from '../graph/identity.ts';
import { createRegistry } from '../graph/registry.ts';
import { homeDirectory } from '../home.ts';
import { builtinPacks } from '../plugins/builtin.ts';
import { compile } from '../compiler/index.ts';
import { measureTrivial, type BaselineMetrics } from '../runs/trivial-baseline.ts';
import { RunFolder } from '../runs/run-folder.ts';
import { run, type RunResult } from '../runs/run.ts';
import { mean, percent } from '../runs/report/figures.ts';
import { demoDirectory } from './demo-data-command.ts';
import { engineProgress } from './engine-progress.ts';
import { readGraphFile } from './graph-file.ts';
import { printJson } from './output.ts';
import { perform, type Work } from './perform.ts';
import type { ProgressDrawer } from './progress.ts';
import { runProgress } from './run-progress.ts';
import { cautions } from './run-result.ts';
import { table } from './table.ts';
import { oneOf, wholeNumber } from './usage.ts';

/** Enough for the losses to level out on 33 training images, and short enough to wait for. */
const demoEpochs = 30;
const demoSeed = 0;
const graphFile = fileURLToPath(new URL('../../graphs/dual-model.json', import.meta.url));

const demoCategory = oneOf(demoCategories);
const defaultCategories: readonly string[] = ['textile', 'leather', 'grid'];

interface DemoOptions {
  category?: string[];
  epochs: number;
  out?: string;
  json?: boolean;
}

/** What the demo shows: a run, and beside it what detectors without a network reach on the same images. */
export interface DemoResult extends RunResult {
  trivial: Record<string, BaselineMetrics[]>;
}

/** `stillroom demo`. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('Make the generated demo set and fit the default graph, the dual model, on it')
    .option(
      '--category <name...>',
      `some of ${demoCategories.join(', ')} (default: ${defaultCategories.join(', ')})`,
      (text: string, before: string[] = []) => [...before, demoCategory(text)],
    )
    .option('--epochs <n>', 'epochs of each of the three fits', wholeNumber(1), demoEpochs)
    .option('--out <dir>', 'run folder (default: one under the home; the same command again goes on where it stopped)')
    .option('--json', 'write one JSON document to standard output')
    .addHelpText('after', help)
    .action(execute);
}

const help = `
Fetches the engine once, if there is none yet, and sets detectors without a network beside
the model. Interrupted, the same command goes on where it stopped. The pictures are
generated: the figures say nothing of real products.

  $ stillroom demo
  $ stillroom demo --category wood --epochs 5 --out demo-run`;

async function execute(options: DemoOptions): Promise<void> {
  const json = options.json ?? false;
  await perform(json, async (work) => {
    const result = await demo(options, work);
    work.drawer.end();
    if (json) printJson(result);
    else print(result);
  });
}

async function demo(options: DemoOptions, { drawer, signal, savesOnInterrupt }: Work): Promise<DemoResult> {
  const names = options.category ?? defaultCategories;
  const { folder } = await generateDemo(demoDirectory(), {
    onProgress: ({ done, total }) => drawer.show({ title: 'Drawing the demo set', done, total, unit: 'images' }),
  });
  const registry = createRegistry(builtinPacks);
  const { document } = await readGraphFile(graphFile, registry);
  const out = options.out ?? join(homeDirectory(), 'runs', `demo-${identityOf(document, registry).slice(0, 8)}-${options.epochs}`);
  const result = await run({
    document,
    registry,
    packs: builtinPacks,
    data: folder,
    categories: names,
    out: resolve(out),
    seed: demoSeed,
    epochs: options.epochs,
    weights: {},
    settings: {},
    mode: 'native',
    featureBudget: 2 ** 30,
    offline: false,
    engine: ensureEngine,
    onProgress: engineProgress(drawer),
    emit: runProgress(drawer, savesOnInterrupt),
    signal,
  });
  const trivial = await measureAll(folder, names, document, registry, drawer);
  await new RunFolder(result.run).writeJson('trivial.json', trivial);
  return { ...result, trivial };
}

async function measureAll(
  folder: string,
  names: readonly string[],
  document: Parameters<typeof compile>[0],
  registry: Parameters<typeof compile>[1],
  drawer: ProgressDrawer,
): Promise<DemoResult['trivial']> {
  const { geometry } = compile(document, registry).plan.sources[0]!;
  const { categories } = await readDataset(folder, { category: names });
  const trivial: DemoResult['trivial'] = {};
  for (const [done, category] of categories.entries()) {
    drawer.show({ title: 'Measuring the trivial detectors', done, total: categories.length, unit: 'categories' });
    trivial[category.name] = await measureTrivial(category, geometry);
  }
  return trivial;
}

function print(result: DemoResult): void {
  const { metrics, trivial, run: folder, manifest } = result;
  const keys = ['imageAuroc', 'pixelAuroc', 'aupro'] as const;
  const detectors = Object.values(trivial)[0] ?? [];
  const rows: string[][] = [];
  for (const [category, ours] of Object.entries(metrics)) {
    rows.push([category, 'dual model', ...keys.map((key) => percent(ours[key]))]);
    for (const other of trivial[category] ?? []) rows.push(['', other.title, ...keys.map((key) => percent(other[key]))]);
  }
  if (Object.keys(metrics).length > 1) {
    rows.push(['mean', 'dual model', ...keys.map((key) => percent(mean(Object.values(metrics).map((m) => m[key]))))]);
    for (const { name, title } of detectors) {
      const all = Object.values(trivial).map((list) => list.find((d) => d.name === name)!);
      rows.push(['', title, ...keys.map((key) => percent(mean(all.map((d) => d[key]))))]);
    }
  }
  const columns = ['category', 'detector', 'image AUROC', 'pixel AUROC', 'AUPRO'];
  process.stdout.write(`\nThe dual model on generated surfaces, beside detectors without a network (percent)\n\n`);
  process.stdout.write(`${table(columns, rows, [2, 3, 4])}\n\n`);
  for (const line of cautions(manifest, metrics)) process.stdout.write(`${line}\n`);
  const seconds = Object.values(result.timings).reduce((sum, t) => sum + t.fit + t.calibrate + t.predict, 0);
  process.stdout.write(`\nfitted and measured in ${(seconds / 60).toFixed(1)} min\nmaps, scores and losses: ${folder}\n`);
}
