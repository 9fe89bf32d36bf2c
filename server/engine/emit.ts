import type { Engine } from './load.ts';
import { emitMove } from './emit-move.ts';
import { graphNames } from './graph-names.ts';
import { GraphWriter } from './graph-writer.ts';
import type { NodeDef } from './graphdef.ts';
import type { ProgramSpec } from './program.ts';
import { liveOps, type Ref, type Tape } from './tape.ts';

export interface EmittedGraph {
  nodes: readonly NodeDef[];
  functions: Record<string, EmittedFunction>;
  /** Prefix of the names of a graph's nodes → the node of the document in whose name they run. */
  owners: Record<string, string>;
}

export interface EmittedFunction {
  /** The inputs that it uses. */
  inputs: readonly string[];
  outputs: readonly { name: string; shape: readonly number[] }[];
}

/**
 * One TensorFlow graph from the tapes of a program's functions, over shared variables. An op of the same kind, settings
 * and inputs as an earlier one is that one; an op that nothing depends on is left out. All of a function's results wait
 * for all of its updates, and every update waits for the reads of the old value.
 */
export function emitGraph(engine: Engine, spec: ProgramSpec, tapes: Record<string, Tape>): EmittedGraph {
  const graph = new GraphWriter(engine);
  const states = Object.keys(spec.state);
  states.forEach((name, i) => graph.variable(i, spec.state[name]!.shape));
  const functions: Record<string, EmittedFunction> = {};
  Object.entries(tapes).forEach(([name, tape], i) => {
    functions[name] = emitFunction(graph, spec, name, i, tape, states);
  });
  return { nodes: graph.nodes, functions, owners: Object.fromEntries(graph.owners) };
}

function emitFunction(
  graph: GraphWriter,
  spec: ProgramSpec,
  name: string,
  index: number,
  tape: Tape,
  states: readonly string[],
): EmittedFunction {
  const { inputs } = spec.functions[name]!;
  const inputNames = Object.keys(inputs);
  const used = new Set<string>();
  const readStates = new Set<string>();
  const emitted: string[] = [];

  const nameOf = (ref: Ref): string => {
    switch (ref.kind) {
      case 'op':
        return ref.output === 0 ? emitted[ref.op]! : `${emitted[ref.op]}:${ref.output}`;
      case 'constant':
        return graph.constant(tape.constants[ref.constant]!);
      case 'state':
        readStates.add(ref.name);
        return graphNames.value(states.indexOf(ref.name));
      case 'input': {
        const at = inputNames.indexOf(ref.name);
        if (!used.has(ref.name)) graph.placeholder(graphNames.input(index, at), inputs[ref.name]!);
        used.add(ref.name);
        return graphNames.input(index, at);
      }
    }
  };

  for (const op of [...liveOps(tape)].sort((a, b) => a - b)) {
    const { op: kind, attributes, inputs, node } = tape.ops[op]!;
    emitted[op] = graph.op(kind, inputs.map(nameOf), graph.attributes(attributes), node);
  }
  // Names first: an update must know of every read in the function.
  const outputs = tape.outputs.map(({ name, ref, shape, dtype }) => ({ name, shape, dtype, value: nameOf(ref) }));
  const assignments = tape.assignments.map(({ state, ref }) => ({ state, value: nameOf(ref) }));
  const moves = tape.moves.map(({ state, rule, gradient, hyper }) => ({
    state,
    rule,
    gradient: nameOf(gradient),
    hyper: Object.fromEntries(Object.entries(hyper).map(([h, ref]) => [h, nameOf(ref)])),
  }));
  const handle = (state: string): string => graphNames.handle(states.indexOf(state));
  const value = (state: string): string => graphNames.value(states.indexOf(state));
  const afterReads = (...names: string[]): string[] => names.filter((n) => readStates.has(n)).map((n) => `^${value(n)}`);
  const updates = [
    ...assignments.map(({ state, value }) => graph.assign(handle(state), value, afterReads(state))),
    ...moves.map((move) => emitMove(graph, move, { handle, value, afterReads })),
  ].map((update) => `^${update}`);
  outputs.forEach(({ value, dtype }, i) => {
    graph.add(graphNames.output(index, i), 'Identity', [value, ...updates], { T: { type: dtype } });
  });
  graph.signal(graphNames.done(index), updates);
  return {
    inputs: inputNames.filter((input) => used.has(input)),
    outputs: outputs.map(({ name, shape }) => ({ name, shape })),
  };
}
