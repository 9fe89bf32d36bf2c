import { isAbsolute, join } from 'node:path';
import { StillroomError, type Place } from '../../plugins/sdk/index.ts';
import { compile } from '../compiler/index.ts';
import { mustHaveCategories, readOptionsOf } from '../data/read-dataset.ts';
import { confineWeights } from '../datasets/confine-weights.ts';
import type { Roots } from '../datasets/roots.ts';
import type { GraphDocument } from '../graph/document.ts';
import type { Registry } from '../graph/registry.ts';
import { layoutsOf } from '../plugins/layouts/read-apart.ts';
import type { Plugins } from '../plugins/plugins.ts';
import { applySettings, parseSetting } from '../runs/apply-overrides.ts';
import { mustHaveWeights } from '../runs/wanted-weights.ts';
import type { WeightsShelf } from '../weights/shelf.ts';
import type { Asked } from './asked.ts';

/**
 * What a client asks to be run, as far as it may be and can be: the graph is whole; every folder and file that it names,
 * in the order or in the graph, lies in a root; its weights and categories are there. Gives the order with the real path
 * of its images. Throws `graph-invalid`, `unknown-node`, `unknown-parameter`, `no-data`, `outside-roots`, `no-such-path`,
 * and what `mustHaveWeights` and `mustHaveCategories` throw, located.
 */
export async function confine(document: GraphDocument, asked: Asked, { registry, weights, roots, plugins }: { registry: Registry; weights: WeightsShelf; roots: Roots; plugins: Pick<Plugins, 'layouts'> }): Promise<Asked> {
  const settings = Object.entries(asked.set).map(([name, value]) => ({ ...parseSetting(`${name}=`), value }));
  const { plan } = compile(applySettings(document, settings, registry), registry);
  const { node, source } = plan.dataset;
  const path = asked.data || source.path;
  if (!path) {
    throw new StillroomError('no-data', 'expected a folder of images, found none named', {
      node,
      field: 'path',
      hint: 'name a dataset or a folder, or set the path of the dataset node',
    });
  }
  const known = await weights.registry();
  await confineWeights(plan.nodes.values(), asked.weights, { registry: known, roots });
  await mustHaveWeights(plan.nodes.values(), known, asked.weights, asked);
  const data = await roots.resolve(path);
  const options = readOptionsOf(source);
  if (options.list) await roots.resolve(isAbsolute(options.list) ? options.list : join(data, options.list)).catch(located(() => ({ node, field: 'list' })));
  if (asked.categories.length > 0) await mustHaveCategories(data, asked.categories, { ...options, more: layoutsOf(plugins.layouts()) }).catch(located(({ code }) => (code === 'unknown-category' ? { field: 'categories' } : {})));
  return { ...asked, data };
}

function located(placeOf: (error: StillroomError) => Place): (error: unknown) => never {
  return (error) => {
    throw error instanceof StillroomError ? error.at(placeOf(error)) : error;
  };
}
