import { Command } from 'commander';
import type { Dataset } from '../data/dataset.ts';
import { hashDataset } from '../data/hash.ts';
import { readDataset } from '../data/read-dataset.ts';
import { coloursOf } from './colours.ts';
import { demoDataCommand } from './demo-data-command.ts';
import { printJson, writeProblem } from './output.ts';
import { perform } from './perform.ts';
import { table } from './table.ts';

/** `stillroom data`. */
export function dataCommand(): Command {
  return new Command('data')
    .description('Look at datasets, and make the generated demo set')
    .addCommand(infoCommand())
    .addCommand(demoDataCommand());
}

function infoCommand(): Command {
  return new Command('info')
    .description('What Stillroom understands of a folder of images: layout, categories, counts, sizes, problems')
    .argument('<dir>', 'folder in MVTec AD layout, several such folders, or plain images')
    .option('--json', 'write one JSON document to standard output')
    .addHelpText('after', infoHelp)
    .action(info);
}

const infoHelp = `
Reads every image once; needs no engine and writes nothing. Problems go to standard error.

  $ stillroom data info mvtec/bottle        train/good, test/<defect>, ground_truth/<defect>
  $ stillroom data info mvtec               several such folders
  $ stillroom data info photographs         images of good parts, nothing else
  $ stillroom data info mvtec --json        with the SHA-256 that a run's manifest gives`;

async function info(directory: string, { json = false }: { json?: boolean }): Promise<void> {
  await perform(json, async ({ drawer }) => {
    const onProgress = (done: number, total: number): void =>
      drawer.show({ title: 'Looking at images', done, total, unit: 'files' });
    const dataset = await readDataset(directory, { onProgress });
    drawer.end();
    if (json) printJson(await asJson(dataset));
    else print(dataset);
  });
}

function print({ root, layout, categories, problems }: Dataset): void {
  const { bold } = coloursOf(process.stdout);
  const rows = categories.map((category) => {
    const { name, train, good, defective, masks, sizes, defects } = describe(category);
    return [name, ...[train, good, defective, masks].map(String), sizes.join(', '), Object.keys(defects).join(', ') || '–'];
  });
  process.stdout.write(`${bold(root)}\nlayout: ${layout}\n\n`);
  const columns = ['category', 'train', 'test good', 'test defective', 'masks', 'px (width×height)', 'defects'];
  process.stdout.write(`${table(columns, rows, [1, 2, 3, 4])}\n`);
  problems.forEach(writeProblem);
}

async function asJson({ root, layout, categories, problems }: Dataset): Promise<unknown> {
  return { root, layout, sha256: await hashDataset(categories), categories: categories.map(describe), problems };
}

function describe({ name, train, test }: Dataset['categories'][number]) {
  const defective = test.filter(({ anomalous }) => anomalous);
  const defects: Record<string, number> = {};
  for (const { defect } of defective) defects[defect] = (defects[defect] ?? 0) + 1;
  return {
    name,
    train: train.length,
    good: test.length - defective.length,
    defective: defective.length,
    masks: defective.filter(({ mask }) => mask).length,
    sizes: [...new Set([...train, ...test].map(({ width, height }) => `${width}×${height}`))].sort(),
    defects,
  };
}
