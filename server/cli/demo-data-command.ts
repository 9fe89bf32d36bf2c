import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { demoCategories, generateDemo, type DemoSummary } from '../data/demo/generate.ts';
import { DEMO_SEED, DEMO_VERSION } from '../data/demo/version.ts';
import { homeDirectory } from '../home.ts';
import { fail, printJson } from './output.ts';
import { drawProgress } from './progress.ts';
import { table } from './table.ts';

interface DemoDataOptions {
  out: string;
  seed: number;
  category?: string[];
  json?: boolean;
}

/** Where the demo set is kept unless told. */
export function demoDirectory(): string {
  return join(homeDirectory(), 'datasets', `demo-v${DEMO_VERSION}`);
}

/** `stillroom data demo`. */
export function demoDataCommand(): Command {
  return new Command('demo')
    .description('Make the generated demo set: five surfaces with defects and exact masks, in MVTec AD layout')
    .option('--out <dir>', 'folder to make it in', demoDirectory())
    .option('--seed <n>', 'another set of the same kind; figures are reported on the default one', wholeNumber, DEMO_SEED)
    .option('--category <name...>', `some of ${demoCategories.join(', ')} (default: all)`)
    .option('--json', 'write one JSON document to standard output')
    .addHelpText('after', '\nA set that is there already is kept. The pictures are generated: they say nothing of real products.')
    .action(run);
}

async function run({ out, seed, category, json = false }: DemoDataOptions): Promise<void> {
  const drawer = drawProgress();
  try {
    const made = await generateDemo(out, {
      seed,
      ...(category ? { categories: category } : {}),
      onProgress: ({ done, total }) => drawer.show({ title: 'Drawing the demo set', done, total, unit: 'images' }),
    });
    drawer.end();
    if (json) printJson(made);
    else print(made);
  } catch (error) {
    drawer.end();
    fail(error, json);
  }
}

function print({ folder, version, seed, reused, categories }: DemoSummary): void {
  const rows = categories.map(({ name, training, good, defective, sha256 }) => [
    name,
    ...[training, good, defective].map(String),
    sha256.slice(0, 12),
  ]);
  const heading = `generated demo set, version ${version}, seed ${seed}${reused ? ' (was there already)' : ''}`;
  const columns = ['category', 'training', 'good', 'defective', 'SHA-256 of pixels'];
  process.stdout.write(`${heading}\n${folder}\n\n${table(columns, rows, [1, 2, 3])}\n`);
  if (categories.some(({ asPublished }) => asPublished === false)) {
    process.stderr.write('warning: these pixels are not those of the published set; figures will not compare\n');
  }
}

function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a whole number from 0.');
}
