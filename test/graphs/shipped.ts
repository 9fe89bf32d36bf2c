import { readdirSync, readFileSync } from 'node:fs';
import type { GraphDocument } from '../../server/graph/document.ts';
import { parseGraph } from '../../server/graph/parse.ts';

const folder = new URL('../../graphs/', import.meta.url);

/** Every graph that ships, by its path in `graphs/`. */
export const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.json') && file !== 'schema.json')
  .sort();

export const textOf = (file: string): string => readFileSync(new URL(file, folder), 'utf8');

export function document(file: string): GraphDocument {
  const { document, problems } = parseGraph(textOf(file));
  if (!document) throw new Error(`${file}: ${problems.map(({ message }) => message).join('; ')}`);
  return document;
}
