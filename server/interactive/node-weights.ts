import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pack } from '../../plugins/sdk/index.ts';
import type { PlanNode } from '../compiler/plan.ts';
import type { Registry } from '../graph/registry.ts';
import { loadPretrained } from '../runs/pretrained.ts';
import { weightName } from '../runtime/assemble.ts';
import { initialWeights, weightsOf, type WeightValues } from '../runtime/weight-values.ts';
import { openWeightsRegistry } from '../weights/registry.ts';
import { ByteLru } from './byte-lru.ts';
import { contentKeys, hashOf } from './content-keys.ts';
import { readFittedSoFar, type FittedSoFar } from './fitted-so-far.ts';
import type { PreviewTask, WeightState } from './preview-task.ts';

/** The weights that a node computes with. */
export interface NodeWeights {
  values: WeightValues;
  /** Of their bytes. */
  identity: string;
  state: WeightState | null;
}

/** What a graph's nodes compute with. */
export type WeightsOfGraph = ReadonlyMap<string, NodeWeights>;

/** A few runs, two large backbones and what learns from them. */
const budget = 768 * 2 ** 20;
const seed = 0;

/** Weights of nodes, kept: imported ones, those that a run has fitted, those that they start with. */
export class NodeWeightsSource {
  readonly #packs: readonly Pack[];
  readonly #registry: Registry;
  readonly #kept = new ByteLru<NodeWeights>(budget, ({ values }) => bytesOf(values));
  #run: { mark: string; fitted: FittedSoFar } | null = null;

  constructor(packs: readonly Pack[], registry: Registry) {
    this.#packs = packs;
    this.#registry = registry;
  }

  /** Throws what reading a run and importing weights throw. */
  async of(nodes: ReadonlyMap<string, PlanNode>, run: PreviewTask['run']): Promise<WeightsOfGraph> {
    const opened = run ? await this.#open(run) : null;
    const [now, then] = [contentKeys(nodes), opened ? contentKeys(opened.fitted.plan.nodes) : new Map<string, string>()];
    const found = new Map<string, NodeWeights>();
    for (const node of nodes.values()) {
      if (node.weights.length === 0) found.set(node.id, none);
      else if (node.definition.pretrained) found.set(node.id, await this.#pretrained(node, opened?.fitted.overrides ?? {}));
      else found.set(node.id, (opened && this.#fitted(node, opened, now.get(node.id) === then.get(node.id))) ?? this.#initial(node));
    }
    return found;
  }

  async #open({ folder, category }: { folder: string; category?: string }): Promise<{ mark: string; fitted: FittedSoFar }> {
    // A run that goes on writes its manifest only at its ends, its checkpoints after each epoch: these are read anew.
    const { mtimeMs } = await stat(join(folder, 'manifest.json')).catch(() => ({ mtimeMs: 0 }));
    const mark = JSON.stringify([folder, category, mtimeMs]);
    if (this.#run?.mark === mark && this.#run.fitted.isDone) return this.#run;
    return (this.#run = { mark, fitted: await readFittedSoFar(folder, category, this.#registry) });
  }

  /** Null where the run has fitted none of this shape. */
  #fitted(node: PlanNode, { mark, fitted }: { mark: string; fitted: FittedSoFar }, isSame: boolean): NodeWeights | null {
    const isThere = node.weights.every(({ name, shape }) => fitted.weights[weightName(node.id, name)]?.shape.join() === shape.join());
    if (!isThere) return null;
    const state = isFrozen(node) ? 'frozen' : isSame ? 'fitted' : 'stale';
    if (!fitted.isDone) return identified(weightsOf([node], fitted.weights), state);
    const kept = this.#keep(hashOf('fitted', mark, node.id, shapesOf(node)), () => identified(weightsOf([node], fitted.weights), state));
    return { ...kept, state };
  }

  #initial(node: PlanNode): NodeWeights {
    const state = isFrozen(node) ? 'frozen' : 'unfitted';
    return this.#keep(hashOf('initial', node.id, node.weights), () => identified(initialWeights(node, seed), state));
  }

  async #pretrained(node: PlanNode, overrides: Readonly<Record<string, string>>): Promise<NodeWeights> {
    const { architecture, weights } = node.definition.pretrained!(node.params);
    const named = overrides[architecture];
    const key = hashOf('imported', node.id, architecture, named ?? weights, shapesOf(node));
    const kept = this.#kept.get(key);
    if (kept) return kept;
    const { values } = await loadPretrained([node], await openWeightsRegistry(this.#packs), named === undefined ? {} : { [architecture]: named }, { offline: true });
    return this.#keep(key, () => identified(values, 'frozen'));
  }

  #keep(key: string, make: () => NodeWeights): NodeWeights {
    const known = this.#kept.get(key);
    if (known) return known;
    const made = make();
    this.#kept.set(key, made);
    return made;
  }
}

const none: NodeWeights = { values: {}, identity: '', state: null };

const isFrozen = ({ weights }: PlanNode): boolean => weights.every(({ role }) => role === 'frozen');

const shapesOf = ({ weights }: PlanNode): unknown => weights.map(({ name, shape }) => [name, shape]);

export const bytesOf = (values: WeightValues): number => Object.values(values).reduce((sum, { data }) => sum + data.byteLength, 0);

function identified(values: WeightValues, state: WeightState): NodeWeights {
  const hash = createHash('sha256');
  for (const { data } of Object.values(values)) hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return { values, identity: hash.digest('hex'), state };
}
