import { createHash } from 'node:crypto';
import { sha256OfFile } from '../engine/sha256.ts';
import { filesOf, type Category, type ImageRef } from './dataset.ts';
import { byCodeUnits } from './order.ts';

/**
 * Names the content of a dataset: SHA-256 over the lines `sha256  path` of its images and masks, sorted by path, as
 * `sha256sum` would write them. Independent of where the dataset lies and of the order its files were read in. Where a
 * dataset says itself what validates, lines `split  path` follow, since another split is then another dataset.
 */
export async function hashDataset(categories: readonly Category[]): Promise<string> {
  const lines: string[] = [];
  for (const { file, path, hash } of filesOf(categories).sort((a, b) => byCodeUnits(a.path, b.path))) {
    lines.push(`${hash ?? (await sha256OfFile(file))}  ${path}\n`);
  }
  const splits = categories.flatMap(({ train, validation, test }) =>
    validation ? [...named('train', train), ...named('validation', validation), ...named('test', test)] : [],
  );
  return createHash('sha256').update([...lines, ...splits].join('')).digest('hex');
}

function named(split: string, images: readonly ImageRef[]): string[] {
  return images.map(({ path }) => `${split}  ${path}\n`);
}
