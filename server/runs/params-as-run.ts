import type { AnyNodeDefinition } from '../../plugins/sdk/index.ts';
import type { GraphDocument } from '../graph/document.ts';
import { expand } from '../graph/expand.ts';
import { resolveParams } from '../graph/params.ts';
import type { Registry } from '../graph/registry.ts';

/**
 * Every parameter of a node as a run has it: defaults count as given, and a fit has the number of epochs that the run was
 * asked for in place of the graph's, if it was asked for any.
 */
export function paramsAsRun(definition: AnyNodeDefinition | undefined, given: Record<string, unknown> = {}, epochs: number | null = null): Record<string, unknown> {
  const values = { ...given, ...(definition ? resolveParams(definition, given).values : {}) };
  return epochs !== null && definition?.fit && Object.hasOwn(values, 'epochs') ? { ...values, epochs } : values;
}

/** Epochs of the fits of a graph, each number once, in the order of the graph. */
export function epochsOf(document: GraphDocument, registry: Registry): number[] {
  const each = expand(document).nodes.flatMap(({ node, muted }) => {
    const definition = registry.get(node.type);
    return muted || !definition?.fit ? [] : [definition.fit(resolveParams(definition, node.params).values).epochs];
  });
  return [...new Set(each)];
}
