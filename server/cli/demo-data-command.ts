import { join } from 'node:path';
import { Command } from 'commander';
import { demoCategories, generateDemo, type DemoSummary } from '../data/demo/generate.ts';
import { DEMO_SEED, DEMO_VERSION } from '../data/demo/version.ts';
import { homeDirectory } from '../home.ts';
import { coloursOf } from './colours.ts';
import { printJson } from './output.ts';
import { perform } from './perform.ts';
import { table } from './table.ts';
import { wholeNumber } from './usage.ts';

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
    .option('--seed <n>', 'another set of the same kind; figures are reported on the default one', wholeNumber(0), DEMO_SEED)
    .option('--category <name...>', `some of ${demoCategories.join(', ')} (default: all)`)
    .option('--json', 'write one JSON document to standard output')
    .addHelpText('after', help)
    .action(run);
}

const help = `
The same seed gives the same pixels everywhere. A set that is there already is kept. The
pictures are generated: they say nothing of real products.

  $ stillroom data demo
  $ stillroom data demo --out demo --category textile grid
  $ stillroom data demo --out other --seed 2`;

async function run({ out, seed, category, json = false }: DemoDataOptions): Promise<void> {
  await perform(json, async ({ drawer }) => {
    const made = await generateDemo(out, {
      seed,
      ...(category ? { categories: category } : {}),
      onProgress: ({ done, total }) => drawer.show({ title: 'Drawing the demo set', done, total, unit: 'images' }),
    });
    drawer.end();
    if (json) printJson(made);
    else print(made);
  });
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
    process.stderr.write(`${coloursOf(process.stderr).yellow('warning')}: these pixels are not those of the published set; figures will not compare\n`);
  }
}
