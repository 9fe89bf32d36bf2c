import { StillroomError, type Place } from '../../plugins/sdk/index.ts';
import type { PlanNode } from '../compiler/plan.ts';
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

/** Refuses weights before a run begins where that shows without fetching or reading any. Throws what `wantedWeights` and `mustBeObtainable` throw, located. */
export function mustHaveWeights(nodes: Iterable<PlanNode>, registry: WeightsRegistry, overrides: Readonly<Record<string, string>>, options: ResolveOptions): void {
  for (const name of Object.keys(overrides)) at(placeOf(name), () => architectureNamed(registry, name));
  for (const { architecture, named, place } of wantedWeights(nodes, overrides)) at(place, () => mustBeObtainable(registry, architecture, named, options));
}

const placeOf = (architecture: string): Place => ({ field: `weights.${architecture}` });

function at(place: Place, look: () => void): void {
  try {
    look();
  } catch (error) {
    throw error instanceof StillroomError ? error.at(place) : error;
  }
}
