import { StillroomError, type Pack } from '../../plugins/sdk/index.ts';
import { compile } from '../compiler/index.ts';
import { confineWeights } from '../datasets/confine-weights.ts';
import type { Roots } from '../datasets/roots.ts';
import type { GraphDocument } from '../graph/document.ts';
import type { Registry } from '../graph/registry.ts';
import { applySettings, parseSetting } from '../runs/apply-overrides.ts';
import type { Asked } from './asked.ts';

/**
 * What a client asks to be run, as far as it may be: the graph is whole, and every folder and file that it names,
 * in the order or in the graph, lies in a root. Gives the order with the real path of its images. Throws
 * `graph-invalid`, `unknown-node`, `unknown-parameter`, `no-data`, `outside-roots`, `no-such-path`.
 */
export async function confine(document: GraphDocument, asked: Asked, { registry, packs, roots }: { registry: Registry; packs: readonly Pack[]; roots: Roots }): Promise<Asked> {
  const settings = Object.entries(asked.set).map(([name, value]) => ({ ...parseSetting(`${name}=`), value }));
  const { plan } = compile(applySettings(document, settings, registry), registry);
  const data = asked.data || plan.dataset.source.path;
  if (!data) {
    throw new StillroomError('no-data', 'expected a folder of images, found none named', {
      node: plan.dataset.node,
      field: 'path',
      hint: 'name a dataset or a folder, or set the path of the dataset node',
    });
  }
  await confineWeights(plan.nodes.values(), asked.weights, { packs, roots });
  return { ...asked, data: await roots.resolve(data) };
}
