import type { Problem } from '../../plugins/sdk/index.ts';
import type { GraphDocument } from './document.ts';
import { migrateGraph } from './migrate.ts';
import { invalidGraph, readGraph } from './parse.ts';
import type { Registry } from './registry.ts';

/**
 * A document as it comes from elsewhere, brought to this version; `warnings` are what that gave rise to, and nodes that
 * had to be left as they were. Throws `graph-invalid` with everything that is wrong with its form.
 */
export function incomingGraph(value: unknown, registry: Registry): { document: GraphDocument; warnings: Problem[] } {
  const { document, problems } = readGraph(value);
  if (!document) throw invalidGraph(problems);
  const migrated = migrateGraph(document, registry);
  return { document: migrated.document, warnings: [...problems, ...migrated.problems] };
}
