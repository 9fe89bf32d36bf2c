import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GraphDocument } from '../graph/document.ts';
import { parseJson } from '../graph/json.ts';
import { mustBeGraph } from '../graph/parse.ts';

/** A document that ships, to begin from. */
export interface Template {
  /** Its file's name, without `.json`. */
  id: string;
  document: GraphDocument;
}

const folder = fileURLToPath(new URL('../../graphs/', import.meta.url));
/** The one that a new user begins with. */
const first = 'dual-model';

/** Every document that ships: the default, the models that it is made of, then the ablations. */
export async function readTemplates(): Promise<Template[]> {
  const files = await Promise.all(['', 'ablations'].map(async (part) => (await readdir(join(folder, part))).sort().map((file) => join(part, file))));
  const names = files.flat().filter((file) => file.endsWith('.json') && file !== 'schema.json');
  names.sort((a, b) => Number(basename(b, '.json') === first) - Number(basename(a, '.json') === first));
  return Promise.all(names.map(async (file) => ({ id: basename(file, '.json'), document: await readTemplate(join(folder, file)) })));
}

async function readTemplate(file: string): Promise<GraphDocument> {
  // Where its schema lies is of no meaning elsewhere.
  const { $schema: _, ...document } = mustBeGraph(parseJson(await readFile(file, 'utf8')));
  return document;
}
