import type { Problem } from '../../plugins/sdk/index.ts';
import { catalogue } from '../state/catalogue.svelte.ts';
import { socketsOf } from './canvas-nodes.ts';
import type { Editing } from './editing.svelte.ts';
import { repairsOf, type Repair } from './edits/repairs.ts';

/** What would mend a problem where it is seen: of nodes inside of an instance, at the level of that instance. */
export function repairsFor({ session, level, wiring }: Editing, problem: Problem): Repair[] {
  const { document, check } = session;
  if (!check) return [];
  return repairsOf(problem, {
    document,
    level: level.path,
    prefix: level.prefix,
    check,
    types: catalogue.types,
    socketsOf: (node) => (wiring.nodes[node] ? socketsOf(node, wiring.nodes[node], document, level, check) : undefined),
  });
}
