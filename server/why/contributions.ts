import type { Plan, PlanNode, SinkPlan, ValueRef } from '../compiler/plan.ts';
import { refName } from '../compiler/plan.ts';
import { ancestorsOf, isTrainable } from '../compiler/part.ts';

type Nodes = ReadonlyMap<string, PlanNode>;

/** A map that is made of features: what one layer, or one module, says of an image. */
export interface Contribution {
  map: ValueRef;
  /** The features that nothing fitted has a part in; null where the node takes none. */
  teacher: ValueRef | null;
  /** Features that depend on what was fitted; null where the node takes none. */
  student: ValueRef | null;
}

/** Several contributions that are made one map of before that goes into another one. */
export interface Module {
  map: ValueRef;
  /** Places in the contributions. */
  of: readonly number[];
}

/** What a result is made of, as far as a pixel of its map goes. */
export interface Explained {
  sink: SinkPlan;
  /** Of a map that it reports; of a score the map above it. */
  map: ValueRef;
  contributions: readonly Contribution[];
  /** Outer ones before those inside them. */
  modules: readonly Module[];
}

/**
 * Walks up from a result to the nodes that make maps of features. Null where it comes from no single map, or none of
 * that is made of features.
 */
export function explainedBy({ nodes }: Plan, sink: SinkPlan): Explained | null {
  const map = mapOf(nodes, sink);
  if (!map) return null;
  const contributions: Contribution[] = [];
  const modules: (Omit<Module, 'of'> & { of: Set<number> })[] = [];
  const walk = (ref: ValueRef, within: typeof modules): void => {
    const node = nodes.get(ref.node)!;
    if (isMadeOfFeatures(node)) {
      const place = contributions.findIndex((one) => refName(one.map) === refName(ref));
      const index = place < 0 ? contributions.push(contributionOf(nodes, node, ref)) - 1 : place;
      for (const module of within) module.of.add(index);
      return;
    }
    const maps = inputsOf(node, 'map');
    for (const above of maps) {
      if (maps.length === 1) walk(above, within);
      else {
        const module = modules.find((one) => refName(one.map) === refName(above)) ?? { map: above, of: new Set<number>() };
        if (!modules.includes(module)) modules.push(module);
        walk(above, [...within, module]);
      }
    }
  };
  walk(map, []);
  if (contributions.length === 0) return null;
  return { sink, map, contributions, modules: modules.filter(({ of }) => of.size > 1).map(({ map: one, of }) => ({ map: one, of: [...of] })) };
}

/** Every result that can be explained. */
export function explainable(plan: Plan): Explained[] {
  return plan.predict.sinks.flatMap((sink) => explainedBy(plan, sink) ?? []);
}

export const isMadeOfFeatures = (node: PlanNode): boolean => inputsOf(node, 'features').length > 0 && Object.values(node.outputSignals).some(({ type }) => type === 'map');

/** The map that a result is, or that the one score it is comes from. */
function mapOf(nodes: Nodes, { kind, value }: SinkPlan): ValueRef | null {
  if (kind === 'map') return value;
  const node = nodes.get(value.node)!;
  for (const type of ['map', 'score']) {
    const [first, second] = inputsOf(node, type);
    if (second) return null;
    if (first) return type === 'map' ? first : mapOf(nodes, { kind, value: first } as SinkPlan);
  }
  return null;
}

function contributionOf(nodes: Nodes, node: PlanNode, map: ValueRef): Contribution {
  const sides = inputsOf(node, 'features');
  const isFitted = (ref: ValueRef): boolean => ancestorsOf(nodes, [ref]).some(isTrainable);
  return { map, teacher: sides.find((ref) => !isFitted(ref)) ?? null, student: sides.find(isFitted) ?? null };
}

function inputsOf({ inputs, inputSignals }: PlanNode, type: string): ValueRef[] {
  return Object.entries(inputs).flatMap(([socket, ref]) => (inputSignals[socket]?.type === type ? [ref] : []));
}
