import { StillroomError, type AnyNodeDefinition, type Param, type Problem, type Signal, type Signals } from '../../plugins/sdk/index.ts';
import { openBackend } from './backend.ts';
import { runNode } from './run-node.ts';

/** A value that flows into a node: what is said of it, and its numbers for one sample, row by row. */
export type GivenValue = Signal & { data: Float32Array };

export interface Given {
  /** Those that are left out are as they are by default. */
  params?: Record<string, unknown>;
  inputs: Record<string, GivenValue>;
  /** By name; a node with weights needs all of them. */
  weights?: Record<string, Float32Array>;
  training?: boolean;
  /** Of what is drawn at random. */
  seed?: readonly [number, number];
}

/** A value that has flowed out, without the batch. */
export interface ComputedValue {
  shape: readonly number[];
  data: Float32Array;
}

/**
 * What a node gives for values of one sample, by output: for tests of what it computes. Throws `invalid-parameter`,
 * `input-refused` with what `infer` says, `weights-missing`, and what the node throws.
 */
export async function computeNode(definition: AnyNodeDefinition, { params = {}, inputs, weights = {}, training = false, seed = [0, 0] }: Given): Promise<Record<string, ComputedValue>> {
  const backend = await openBackend();
  const signals: Signals = Object.fromEntries(Object.entries(inputs).map(([socket, { data: _, ...signal }]) => [socket, signal]));
  const values = valuesOf(definition, params);
  const outputs = inferred(definition, signals, values);
  const specs = definition.weights?.(signals, values as never) ?? [];
  const lacking = specs.find(({ name }) => !Object.hasOwn(weights, name));
  if (lacking) throw new StillroomError('weights-missing', `expected values for all weights of "${definition.type}", found none for ${lacking.name} [${lacking.shape.join(', ')}]`, { hint: 'give them under `weights`, by name' });
  const feeds = Object.fromEntries(Object.entries(inputs).map(([socket, { shape, data }]) => [socket, { shape: [1, ...shape], data }]));
  const ran = runNode(backend, { definition, params: values, inputs: signals, outputs, weights: specs, feeds, values: new Map(Object.entries(weights)), training, seed });
  return Object.fromEntries(Object.entries(ran.outputs).map(([socket, { shape, data }]) => [socket, { shape: shape.slice(1), data: data as Float32Array }]));
}

function valuesOf(definition: AnyNodeDefinition, given: Record<string, unknown>): Record<string, unknown> {
  const params = definition.params as Record<string, Param<unknown>>;
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(params, name));
  if (unknown !== undefined) throw invalid(definition, unknown, 'found no such parameter');
  return Object.fromEntries(
    Object.entries(params).map(([name, param]) => {
      const { data, error } = param.schema.safeParse(Object.hasOwn(given, name) ? given[name] : param.default);
      if (error) throw invalid(definition, name, error.issues[0]!.message);
      return [name, data];
    }),
  );
}

const invalid = ({ type }: AnyNodeDefinition, field: string, why: string): StillroomError =>
  new StillroomError('invalid-parameter', `expected parameters that "${type}" takes; ${field}: ${why}`, { field });

function inferred(definition: AnyNodeDefinition, signals: Signals, values: Record<string, unknown>): Signals {
  const problems: Omit<Problem, 'node' | 'severity'>[] = [];
  const outputs = definition.infer(signals, values as never, {
    problem: ({ severity = 'error', ...problem }) => void (severity === 'error' && problems.push(problem)),
    cost: () => {},
  });
  const [first] = problems;
  if (first) throw new StillroomError('input-refused', `expected inputs that "${definition.type}" takes, found that it refuses them: ${first.message}`, first.hint === undefined ? {} : { hint: first.hint });
  return outputs;
}
