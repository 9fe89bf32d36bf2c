import { refName, type Part, type PlanNode, type ValueRef } from './plan.ts';

/** A piece of a part that runs in one go: traced into a native graph, or op by op where its nodes look at values. */
export interface Segment extends Part {
  eager: boolean;
}

/**
 * Cuts a part where nodes declare themselves eager. Segments come in the order they run; each is given what the part is
 * given and what the ones before it give. A part without eager nodes is one segment, whole.
 */
export function segmentsOf(part: Part): Segment[] {
  const isEager = ({ definition }: PlanNode): boolean => definition.eager ?? false;
  if (!part.nodes.some(isEager)) return [{ ...part, eager: false }];
  // Native nodes run at even levels and eager ones at odd levels, each as early as its inputs allow.
  const levels = new Map<string, number>();
  for (const node of part.nodes) {
    const parity = isEager(node) ? 1 : 0;
    const above = Object.values(node.inputs).map((ref) => levels.get(ref.node) ?? 0);
    const least = Math.max(0, ...above);
    levels.set(node.id, least % 2 === parity ? least : least + 1);
  }
  const used = [...new Set(levels.values())].sort((a, b) => a - b);
  return used.map((level) => segmentAt(part, levels, level));
}

function segmentAt(part: Part, levels: ReadonlyMap<string, number>, level: number): Segment {
  const nodes = part.nodes.filter(({ id }) => levels.get(id) === level);
  const isHere = ({ node }: ValueRef): boolean => levels.get(node) === level;
  const fromOutside = nodes.flatMap(({ inputs }) => Object.values(inputs)).filter((ref) => !isHere(ref));
  const wantedLater = part.nodes
    .filter(({ id }) => levels.get(id)! > level)
    .flatMap(({ inputs }) => Object.values(inputs))
    .concat(part.outputs)
    .filter(isHere);
  return { nodes, inputs: distinct(fromOutside), outputs: distinct(wantedLater), eager: level % 2 === 1 };
}

function distinct(refs: readonly ValueRef[]): ValueRef[] {
  const byName = new Map(refs.map((ref) => [refName(ref), ref]));
  return [...byName.keys()].sort().map((name) => byName.get(name)!);
}
