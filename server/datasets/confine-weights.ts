import { StillroomError, type AnyNodeDefinition, type Pack } from '../../plugins/sdk/index.ts';
import type { Roots } from './roots.ts';
import { openWeightsRegistry } from '../weights/registry.ts';

/**
 * Refuses nodes that name a file of weights which lies in no root; names of weights that are registered are no files.
 * Throws `outside-roots`, `no-such-path`, located.
 */
export async function confineWeights(
  nodes: Iterable<{ id: string; definition: AnyNodeDefinition; params: Record<string, unknown> }>,
  named: Readonly<Record<string, string>>,
  { packs, roots }: { packs: readonly Pack[]; roots: Roots },
): Promise<void> {
  const { entries } = await openWeightsRegistry(packs);
  for (const { id, definition, params } of nodes) {
    const wanted = definition.pretrained?.(params);
    const file = wanted && (named[wanted.architecture] ?? wanted.weights);
    if (!file || entries.some(({ name }) => name === file)) continue;
    await roots.resolve(file).catch((error: unknown) => {
      throw error instanceof StillroomError ? error.at({ node: id, field: 'weights' }) : error;
    });
  }
}
