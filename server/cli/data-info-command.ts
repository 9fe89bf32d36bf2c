import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { writeFileAtomically } from '../atomic-file.ts';
import { drawContactSheet } from '../data/contact-sheet.ts';
import type { Dataset } from '../data/dataset.ts';
import { DatasetDescription, type CategoryDescription, type Counts, type PixelSize } from '../data/describe-category.ts';
import { hashDataset } from '../data/hash.ts';
import { readDataset } from '../data/read-dataset.ts';
import { coloursOf } from './colours.ts';
import { printJson, writeProblem } from './output.ts';
import { packsHere } from './packs-here.ts';
import { perform } from './perform.ts';
import { table } from './table.ts';

interface InfoOptions {
  category?: string[];
  layout?: string;
  list?: string;
  contactSheet?: string;
  json?: boolean;
}

/** `stillroom data info`. */
export function dataInfoCommand(): Command {
  return new Command('info')
    .description('What Stillroom understands of a folder of images: layout, categories, counts, sizes, defects, problems')
    .argument('<dir>', 'folder in the layout of a public set, several such folders, or plain images')
    .option('--category <name>', 'only this category of the dataset; may be repeated', collect)
    .option('--layout <name>', 'read it in this layout, ours or PLUGIN/LAYOUT of a plugin; recognised unless given')
    .option('--list <file>', 'split by this list of images: CSV, JSON or text')
    .option('--contact-sheet <file>', 'draw some images of each split and defect, with masks outlined, into this PNG', pngName)
    .option('--json', 'write one JSON document to standard output')
    .addHelpText('after', help)
    .action(info);
}

const help = `
Decodes every image once; needs no engine. Every problem is told, on standard error: an error
is what \`stillroom run\` refuses the dataset for, unless it is told to skip.

  $ stillroom data info mvtec/bottle        train/good, test/<defect>, ground_truth/<defect>
  $ stillroom data info VisA                or BTAD, KolektorSDD2, DAGM, TILDA, MVTec LOCO
  $ stillroom data info photographs         images of good parts, nothing else
  $ stillroom data info mvtec --contact-sheet mvtec.png
  $ stillroom data info mvtec --json        with the SHA-256 that a run's manifest gives`;

async function info(directory: string, { category, layout, list, contactSheet, json = false }: InfoOptions): Promise<void> {
  await perform(json, async ({ drawer }) => {
    const description = new DatasetDescription();
    const { layouts: more } = await packsHere();
    const dataset = await readDataset(directory, {
      more,
      ...(layout === undefined ? {} : { layout }),
      ...(category ? { category } : {}),
      // Here a path is meant as the shell means it.
      ...(list === undefined ? {} : { list: resolve(list) }),
      onProblem: 'report',
      onInspected: description.onInspected,
      onProgress: (done, total) => drawer.show({ title: 'Looking at images', done, total, unit: 'files' }),
    });
    if (contactSheet !== undefined) await writeSheet(dataset, contactSheet);
    drawer.end();
    const categories = dataset.categories.map((found) => description.of(found));
    if (json) printJson(await asJson(dataset, categories, contactSheet));
    else print(dataset, categories, contactSheet);
  });
}

async function writeSheet(dataset: Dataset, file: string): Promise<void> {
  const { png, left } = await drawContactSheet(dataset);
  await writeFileAtomically(file, (handle) => handle.writeFile(png));
  if (!left.length) return;
  dataset.problems.push({
    code: 'sheet-too-long',
    severity: 'warning',
    message: `expected room for all categories on the contact sheet, found none for ${left.join(', ')}`,
    hint: 'draw them with --category',
  });
}

function print({ root, layout, problems }: Dataset, categories: readonly CategoryDescription[], sheet: string | undefined): void {
  const { bold } = coloursOf(process.stdout);
  process.stdout.write(`${bold(root)}\nlayout: ${layout}\n\n`);
  const columns = ['category', 'train', 'validation', 'test good', 'test defective', 'masks', 'px (width×height)', 'files'];
  const rows = categories.map((category) => {
    const { name, train, validation, good, defective, masks, sizes } = category;
    return [name, String(train), validation === null ? '–' : String(validation), ...[good, defective, masks].map(String), sizeText(sizes), filesText(category)];
  });
  process.stdout.write(`${table(columns, rows, [1, 2, 3, 4, 5])}\n`);
  const defects = categories.flatMap(({ name, defects }) =>
    Object.entries(defects).map(([defect, { images, masks, coverage }]) => [
      name,
      defect,
      String(images),
      String(masks),
      coverage ? [coverage.min, coverage.median, coverage.max].map(percent).join(' / ') : '–',
    ]),
  );
  if (defects.length) {
    const headings = ['category', 'defect', 'images', 'masks', '% of the image marked (min / median / max)'];
    process.stdout.write(`\n${table(headings, defects, [2, 3])}\n`);
  }
  if (sheet !== undefined) process.stdout.write(`\ncontact sheet: ${sheet}\n`);
  problems.forEach(writeProblem);
}

function sizeText({ distinct, smallest, median, largest }: CategoryDescription['sizes']): string {
  if (distinct <= 1) return pixels(median);
  return `${pixels(smallest)} … ${pixels(largest)}, median ${pixels(median)} (${distinct} sizes)`;
}

function filesText({ formats, bits, colours, alpha }: CategoryDescription): string {
  return [kinds(formats), `${kinds(bits)} bit`, kinds(colours), ...(alpha ? ['alpha'] : [])].join(', ');
}

/** `png`, or `bmp 3 + png 12` where there are several. */
function kinds(counts: Counts): string {
  const entries = Object.entries(counts);
  return entries.length === 1 ? entries[0]![0] : entries.map(([kind, n]) => `${kind} ${n}`).join(' + ');
}

function pixels({ width, height }: PixelSize): string {
  return `${width}×${height}`;
}

function percent(share: number): string {
  return (100 * share).toPrecision(2).replace(/^0\.0+$/, '0');
}

async function asJson({ root, layout, categories, problems }: Dataset, described: readonly CategoryDescription[], sheet: string | undefined): Promise<unknown> {
  const sha256 = await hashDataset(categories);
  return { root, layout, sha256, categories: described, problems, ...(sheet === undefined ? {} : { contactSheet: resolve(sheet) }) };
}

function collect(text: string, before: string[] = []): string[] {
  return [...before, text];
}

function pngName(text: string): string {
  if (/\.png$/i.test(text)) return text;
  throw new InvalidArgumentError('expected a name that ends in .png');
}
