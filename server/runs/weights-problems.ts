import { StillroomError, type Problem } from '../../plugins/sdk/index.ts';
import type { CheckedNode } from '../compiler/check.ts';
import { mustReachByOutline } from '../weights/reach.ts';
import { defaultWeights, type RegisteredWeights, type WeightsRegistry } from '../weights/registry.ts';

/**
 * What is wrong with the weights of a graph's frozen networks, as far as headers of registered files that are here tell. Files
 * that a graph names by their path are not opened.
 */
export async function weightsProblems(nodes: Iterable<CheckedNode>, registry: WeightsRegistry): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const node of nodes) {
    const entry = entryOf(node, registry);
    // What is not inferred has an error of its own, and its weights may depend on what it lacks.
    if (!entry || Object.keys(node.outputs).length === 0) continue;
    try {
      await mustReachByOutline(registry, entry, node);
    } catch (error) {
      if (!(error instanceof StillroomError)) throw error;
      // Of a name it matters little which file has it.
      for (const { file: _, ...problem } of error.at({ node: node.id, field: 'weights' }).problems) problems.push(problem);
    }
  }
  return problems;
}

function entryOf({ definition, params }: CheckedNode, registry: WeightsRegistry): RegisteredWeights | undefined {
  const wanted = definition.pretrained?.(params);
  if (!wanted || !registry.architectures.has(wanted.architecture)) return undefined;
  if (wanted.weights === '') return defaultWeights(registry, wanted.architecture);
  return registry.entries.find(({ name, architecture }) => name === wanted.weights && architecture === wanted.architecture);
}
