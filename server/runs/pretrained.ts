import { StillroomError } from '../../plugins/sdk/index.ts';
import type { PlanNode } from '../compiler/plan.ts';
import { weightName } from '../runtime/assemble.ts';
import type { WeightValues } from '../runtime/weight-values.ts';
import { importWeights } from '../weights/import.ts';
import { mustReach } from '../weights/reach.ts';
import { architectureNamed, type WeightsRegistry } from '../weights/registry.ts';
import { resolveWeights, type ResolvedWeights, type ResolveOptions } from '../weights/resolve.ts';
import type { UsedWeights } from './manifest.ts';
import { wantedWeights } from './wanted-weights.ts';

/**
 * Imported weights of every frozen network of a plan, and which they are. `overrides` name weights or files by
 * architecture; an override for an architecture that no node has is an error.
 */
export async function loadPretrained(
  nodes: Iterable<PlanNode>,
  registry: WeightsRegistry,
  overrides: Readonly<Record<string, string>>,
  options: ResolveOptions,
): Promise<{ values: WeightValues; used: UsedWeights[] }> {
  // Two teachers of one architecture read their file once.
  const resolved = new Map<string, Promise<ResolvedWeights>>();
  const resolve = (architecture: string, named: string): Promise<ResolvedWeights> => {
    const key = `${architecture}=${named}`;
    const once = resolved.get(key) ?? resolveWeights(registry, architecture, named, options);
    resolved.set(key, once);
    return once;
  };
  const values: WeightValues = {};
  const used: UsedWeights[] = [];
  for (const { node, named, ...wanted } of wantedWeights(nodes, overrides)) {
    try {
      const architecture = architectureNamed(registry, wanted.architecture);
      const { entry, file, sha256, state } = await resolve(architecture.name, named);
      await mustReach(registry, entry, state, { ...node, inputs: node.inputSignals }, file);
      const imported = importWeights(state, architecture, node.weights, file);
      for (const { name, shape } of node.weights) {
        values[weightName(node.id, name)] = { shape, data: imported.values.get(name)! };
      }
      used.push({
        node: node.id,
        architecture: architecture.name,
        name: entry.name,
        sha256,
        licence: entry.licence,
        caution: entry.caution ?? null,
      });
    } catch (error) {
      throw error instanceof StillroomError ? error.at({ node: node.id }) : error;
    }
  }
  return { values, used };
}
