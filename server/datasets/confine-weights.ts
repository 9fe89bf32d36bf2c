import { StillroomError, type AnyNodeDefinition } from '../../plugins/sdk/index.ts';
import { findWeights } from '../weights/find.ts';
import { isPath } from '../weights/none-there.ts';
import type { WeightsRegistry } from '../weights/registry.ts';
import type { Roots } from './roots.ts';

/**
 * Refuses files of weights that lie in no root, whether nodes name them or the request does, by architecture; names of
 * weights that are registered are no files. Throws `outside-roots`, `no-such-path`, `unknown-architecture`,
 * `unknown-weights`, located.
 */
export async function confineWeights(
  nodes: Iterable<{ id: string; definition: AnyNodeDefinition; params: Record<string, unknown> }>,
  named: Readonly<Record<string, string>>,
  { registry, roots }: { registry: WeightsRegistry; roots: Roots },
): Promise<void> {
  for (const { id, definition, params } of nodes) {
    const wanted = definition.pretrained?.(params);
    if (!wanted) continue;
    const { architecture } = wanted;
    const given = named[architecture];
    const file = given ?? wanted.weights;
    if (file === '' || registry.entries.some(({ name }) => name === file)) continue;
    try {
      if (isPath(file)) await roots.resolve(file);
      // A word is the name of no file here, whatever lies where the server was started.
      else findWeights(registry, architecture, file, () => false);
    } catch (error) {
      throw error instanceof StillroomError ? error.at(given === undefined ? { node: id, field: 'weights' } : { field: `weights.${architecture}` }) : error;
    }
  }
}
