import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { stringifyGraph } from '../server/graph/canonical.ts';
import type { GraphDocument } from '../server/graph/document.ts';
import { derivedGraphs } from './derived.ts';

/** Writes the graphs that follow from `dual-model.json`: `npm run graphs`. */
const dual = JSON.parse(readFileSync(new URL('dual-model.json', import.meta.url), 'utf8')) as GraphDocument;
for (const [file, document] of Object.entries(derivedGraphs(dual))) {
  const url = new URL(file, import.meta.url);
  mkdirSync(new URL('.', url), { recursive: true });
  writeFileSync(url, stringifyGraph(document));
}
