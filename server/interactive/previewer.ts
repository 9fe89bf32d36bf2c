import type { HostTensor, Pack } from '../../plugins/sdk/index.ts';
import type { PlanNode, ValueRef } from '../compiler/plan.ts';
import { atNode } from '../engine/at-node.ts';
import type { Engine } from '../engine/load.ts';
import type { Registry } from '../graph/registry.ts';
import { breathe } from '../runtime/breathe.ts';
import { ByteLru } from './byte-lru.ts';
import { contentKeys, hashOf } from './content-keys.ts';
import { NodePrograms } from './node-programs.ts';
import { NodeWeightsSource, type WeightsOfGraph } from './node-weights.ts';
import type { PreviewAnswer, PreviewTask } from './preview-task.ts';
import { rendered } from './rendered.ts';
import { ViewedImage } from './views.ts';
import { wantedGraph, type Wanted, type WantedGraph } from './wanted-graph.ts';

export interface PreviewerOptions {
  engine: Engine;
  packs: readonly Pack[];
  registry: Registry;
  /** Bytes of values that are kept. */
  budget: number;
}

type Outputs = Readonly<Record<string, HostTensor>>;

/** Told what begins, before it does. */
export interface Talk {
  begin(node: string | null): void;
  signal: AbortSignal;
}

const mostHashes = 10_000;

/**
 * Runs parts of graphs on images. What a node has given is kept by what it depends on alone: its type, parameters and
 * weights, all before it, and the image; so an edit costs what lies below it.
 */
export class Previewer {
  readonly #registry: Registry;
  readonly #weights: NodeWeightsSource;
  readonly #programs: NodePrograms;
  readonly #values: ByteLru<Outputs>;
  readonly #hashes = new ByteLru<string>(mostHashes, () => 1);

  constructor({ engine, packs, registry, budget }: PreviewerOptions) {
    this.#registry = registry;
    this.#weights = new NodeWeightsSource(packs, registry);
    this.#programs = new NodePrograms(engine, registry);
    this.#values = new ByteLru(budget, bytesOf);
  }

  /** Throws what is wrong above the wanted sockets, what reading images and weights throws, `node-failed`, `cancelled`. */
  async preview({ document, run, images, wanted }: PreviewTask, talk: Talk): Promise<PreviewAnswer> {
    const graph = wantedGraph(document, this.#registry, wanted);
    const weights = await this.#weights.of(graph.nodes, run);
    const keys = contentKeys(graph.nodes, (node) => weights.get(node.id)!.identity);
    const answer: PreviewAnswer = { images: [], nodes: nodesOf(graph, weights), values: [] };
    for (const [index, { file, view }] of images.entries()) {
      const image = await ViewedImage.open(file, this.#hashes);
      const views = viewsOf(graph, image, view);
      answer.images.push({ file, view, views, size: { height: image.size[0], width: image.size[1] } });
      const seen = new Seen(image, view, keys, this.#values);
      for (const value of graph.wanted) await this.#compute(value.value.node, { graph, weights, seen, answer, talk });
      talk.begin(null);
      for (const [i, { value, signal }] of graph.wanted.entries()) {
        const { node, socket, as } = wanted[i]!;
        const tensor = withoutBatch(seen.outputs(value)[value.socket]!, signal);
        const { type, shape, stride } = signal;
        answer.values.push({ image: index, node, socket, type, shape: [...shape], ...(stride === undefined ? {} : { stride }), rendered: await rendered(tensor, this.#registry.socketType(type)?.preview, as, { node, socket }) });
      }
    }
    return answer;
  }

  /** What a node gives, and before it what it is given, unless that is kept. */
  async #compute(id: string, work: { graph: WantedGraph; weights: WeightsOfGraph; seen: Seen; answer: PreviewAnswer; talk: Talk }): Promise<void> {
    const { graph, weights, seen, answer, talk } = work;
    const node = graph.nodes.get(id)!;
    if (seen.has(id) || node.definition.dataset) return;
    const told = answer.nodes[id]!;
    if (seen.recall(id)) {
      told.cached++;
      return;
    }
    if (!node.definition.geometry) for (const ref of Object.values(node.inputs)) await this.#compute(ref.node, work);
    await breathe(talk.signal);
    talk.begin(id);
    const begun = performance.now();
    seen.keep(id, await this.#outputs(node, weights, seen));
    told.milliseconds += performance.now() - begun;
    told.computed++;
  }

  async #outputs(node: PlanNode, weights: WeightsOfGraph, seen: Seen): Promise<Outputs> {
    if (node.definition.geometry) {
      const view = await seen.image.view(node.definition.geometry(node.params), seen.view);
      return Object.fromEntries(Object.keys(node.outputSignals).map((socket) => [socket, view]));
    }
    const inputs = Object.entries(node.inputs).map(([socket, ref]) => [socket, seen.outputs(ref)[ref.socket]!] as const);
    return atNode(node.id, () => this.#programs.run(node, weights.get(node.id)!, Object.fromEntries(inputs)));
  }
}

/** What is known of one view of an image. */
class Seen {
  readonly image: ViewedImage;
  readonly view: number;
  readonly #keys: ReadonlyMap<string, string>;
  readonly #values: ByteLru<Outputs>;
  /** Held here too, since what is kept may be let go meanwhile. */
  readonly #held = new Map<string, Outputs>();

  constructor(image: ViewedImage, view: number, keys: ReadonlyMap<string, string>, values: ByteLru<Outputs>) {
    this.image = image;
    this.view = view;
    this.#keys = keys;
    this.#values = values;
  }

  has(node: string): boolean {
    return this.#held.has(node);
  }

  outputs({ node }: Pick<ValueRef, 'node'>): Outputs {
    return this.#held.get(node)!;
  }

  recall(node: string): boolean {
    const kept = this.#values.get(this.#name(node));
    if (kept) this.#held.set(node, kept);
    return kept !== undefined;
  }

  keep(node: string, outputs: Outputs): void {
    this.#held.set(node, outputs);
    this.#values.set(this.#name(node), outputs);
  }

  #name(node: string): string {
    return hashOf(this.#keys.get(node), this.image.hash, this.view);
  }
}

function nodesOf({ nodes }: WantedGraph, weights: WeightsOfGraph): PreviewAnswer['nodes'] {
  return Object.fromEntries([...nodes.keys()].map((id) => [id, { weights: weights.get(id)!.state, milliseconds: 0, computed: 0, cached: 0 }]));
}

/** How many views the image has to its decoders. */
function viewsOf({ nodes }: WantedGraph, image: ViewedImage, view: number): number {
  const counts = [...nodes.values()].flatMap(({ definition, params }) => (definition.geometry ? [image.viewsIn(definition.geometry(params), view)] : []));
  return Math.max(1, ...counts);
}

function withoutBatch({ shape, data }: HostTensor, { type }: Wanted['signal']): HostTensor {
  return { shape: type === 'loss' ? shape : shape.slice(1), data };
}

const bytesOf = (outputs: Outputs): number => Object.values(outputs).reduce((sum, { data }) => sum + data.byteLength, 0);
