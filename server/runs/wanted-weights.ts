import { StillroomError, type Place } from '../../plugins/sdk/index.ts';
import type { PlanNode } from '../compiler/plan.ts';
import { findWeights } from '../weights/find.ts';
import { mustReachByOutline } from '../weights/reach.ts';
import { architectureNamed, type WeightsRegistry } from '../weights/registry.ts';
import { mustBeObtainable, type ResolveOptions } from '../weights/resolve.ts';

/** Imported weights that a node of a plan wants. */
export interface WantedWeights {
  node: PlanNode;
  architecture: string;
  /** Name or file; empty for the architecture's default. */
  named: string;
  /** What of a request, or of the node, has named them. */
  place: Place;
}

/**
 * What every frozen network of a plan wants. `overrides` name weights or files by architecture. Throws `weights-unused` for
 * an architecture that no node has.
 */
export function wantedWeights(nodes: Iterable<PlanNode>, overrides: Readonly<Record<string, string>>): WantedWeights[] {
  const wanted: WantedWeights[] = [];
  for (const node of nodes) {
    const own = node.definition.pretrained?.(node.params);
    if (!own) continue;
    const { architecture } = own;
    const given = overrides[architecture];
    wanted.push({ node, architecture, named: given ?? own.weights, place: given === undefined ? { node: node.id, field: 'weights' } : placeOf(architecture) });
  }
  const unused = Object.keys(overrides).find((name) => !wanted.some(({ architecture }) => architecture === name));
  if (unused === undefined) return wanted;
  throw new StillroomError('weights-unused', `expected a network of the graph for weights of ${unused}, found none`, {
    ...placeOf(unused),
    hint: `the graph uses ${[...new Set(wanted.map(({ architecture }) => architecture))].join(', ') || 'no pretrained network'}`,
  });
}

/**
 * Refuses weights before a run begins where that shows without fetching any or reading more than a header. Throws what
 * `wantedWeights`, `mustBeObtainable` and `mustReachByOutline` throw, located.
 */
export async function mustHaveWeights(nodes: Iterable<PlanNode>, registry: WeightsRegistry, overrides: Readonly<Record<string, string>>, options: ResolveOptions): Promise<void> {
  for (const name of Object.keys(overrides)) await at(placeOf(name), () => architectureNamed(registry, name));
  for (const { node, architecture, named, place } of wantedWeights(nodes, overrides)) {
    await at(place, async () => {
      mustBeObtainable(registry, architecture, named, options);
      await mustReachByOutline(registry, findWeights(registry, architecture, named), { ...node, inputs: node.inputSignals });
    });
  }
}

const placeOf = (architecture: string): Place => ({ field: `weights.${architecture}` });

async function at(place: Place, look: () => unknown): Promise<void> {
  try {
    await look();
  } catch (error) {
    throw error instanceof StillroomError ? error.at(place) : error;
  }
}
