import type { HostTensor } from '../../plugins/sdk/index.ts';
import { refName, type Part, type PlanNode } from '../compiler/plan.ts';
import type { Engine } from '../engine/load.ts';
import type { Registry } from '../graph/registry.ts';
import { compilerWithCache } from '../runs/program-cache.ts';
import { compileInference, type Inference } from '../runtime/inference.ts';
import { ByteLru } from './byte-lru.ts';
import { effective, hashOf } from './content-keys.ts';
import { bytesOf, type NodeWeights } from './node-weights.ts';

/** Bytes of weights in graphs that are kept ready. */
const budget = 768 * 2 ** 20;
/** What a graph takes besides its weights, about. */
const graphBytes = 2 ** 20;

/**
 * Runs nodes on their own, for one view. Networks are traced into native graphs, which are kept; what merely reckons
 * with a few values runs op by op, since a trace would take longer.
 */
export class NodePrograms {
  readonly #engine: Engine;
  readonly #registry: Registry;
  readonly #kept = new ByteLru<{ program: Inference; bytes: number }>(budget, ({ bytes }) => bytes, ({ program }) => program.dispose());

  constructor(engine: Engine, registry: Registry) {
    this.#engine = engine;
    this.#registry = registry;
  }

  /** From the node's inputs by socket to its outputs by socket, each with a batch of one but for losses. */
  run(node: PlanNode, weights: NodeWeights, inputs: Readonly<Record<string, HostTensor>>): Record<string, HostTensor> {
    const isNetwork = node.weights.some(({ role }) => role !== 'calibrated');
    if (isNetwork) return outputsOf(this.#network(node, weights), node, inputs);
    const program = this.#compile(node, weights, 'eager');
    try {
      return outputsOf(program, node, inputs);
    } finally {
      program.dispose();
    }
  }

  #network(node: PlanNode, weights: NodeWeights): Inference {
    const key = hashOf(node.id, node.definition.type, node.definition.version, effective(node), node.inputSignals, weights.identity);
    const known = this.#kept.get(key);
    if (known) return known.program;
    const program = this.#compile(node, weights, 'native');
    this.#kept.set(key, { program, bytes: bytesOf(weights.values) + graphBytes });
    return program;
  }

  #compile(node: PlanNode, { values }: NodeWeights, mode: 'native' | 'eager'): Inference {
    const { nodes, part } = alone(node);
    const compile = compilerWithCache(this.#engine, { nodes: new Map([[node.id, node]]) }, this.#registry, mode);
    return compileInference(compile, `preview ${node.id}`, nodes, part, values, 1, { keep: true });
  }
}

/** Stands for whatever gives the inputs, so that a program does not depend on what that is called. */
const outside = '';

function alone(node: PlanNode): { nodes: ReadonlyMap<string, PlanNode>; part: Part } {
  const inputs = Object.keys(node.inputs).map((socket) => [socket, { node: outside, socket }] as const);
  const fed: PlanNode = { ...node, inputs: Object.fromEntries(inputs) };
  const giver: PlanNode = { ...node, id: outside, outputSignals: node.inputSignals };
  return {
    nodes: new Map([
      [outside, giver],
      [node.id, fed],
    ]),
    part: { nodes: [fed], inputs: inputs.map(([, ref]) => ref), outputs: Object.keys(node.outputSignals).map((socket) => ({ node: node.id, socket })) },
  };
}

function outputsOf(program: Inference, node: PlanNode, inputs: Readonly<Record<string, HostTensor>>): Record<string, HostTensor> {
  const feeds = Object.entries(inputs).map(([socket, value]) => [refName({ node: outside, socket }), value] as const);
  const found = program.run(Object.fromEntries(feeds));
  return Object.fromEntries(Object.keys(node.outputSignals).map((socket) => [socket, found[refName({ node: node.id, socket })]!]));
}
