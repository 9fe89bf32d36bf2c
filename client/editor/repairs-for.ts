import type { Problem } from '../../plugins/sdk/index.ts';
import { catalogue } from '../state/catalogue.svelte.ts';
import { socketsOf } from './canvas-nodes.ts';
import type { Editing } from './editing.svelte.ts';
import { repairsOf, type Repair, type Scene } from './edits/repairs.ts';

/** What would mend a problem where it is seen: of nodes inside of an instance, at the level of that instance. What was tried comes first. */
export function repairsFor(editing: Editing, problem: Problem): Repair[] {
  const scene = sceneOf(editing);
  return scene ? [...(editing.matches?.of(problem) ?? []), ...repairsOf(problem, scene)] : [];
}

/** What is looked at to find repairs; null until the graph was checked. */
export function sceneOf({ session, level, wiring }: Editing): Scene | null {
  const { document, check } = session;
  if (!check) return null;
  return {
    document,
    level: level.path,
    prefix: level.prefix,
    check,
    types: catalogue.types,
    socketsOf: (node) => (wiring.nodes[node] ? socketsOf(node, wiring.nodes[node], document, level, check) : undefined),
  };
}
