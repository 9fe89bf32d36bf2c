import { isDeepStrictEqual } from 'node:util';
import type { AnyNodeDefinition, Random, Signals, Sockets, WeightSpec } from '../../plugins/sdk/index.ts';
import { inferNode, type Inferred } from '../compiler/infer.ts';
import { describeValue } from '../graph/explain.ts';
import { describeCase, type Case } from './case.ts';
import { reasonOf, type Findings } from './finding.ts';
import { GeneratedInputs, type ExampleSignals } from './generated-inputs.ts';
import type { ParamSet } from './parameter-sets.ts';
import { whatIsNotPlain } from './plain-data.ts';

export interface Search {
  /** Inputs of unlike sizes that are wanted. */
  wanted: number;
  /** Inputs that are tried for them. */
  tries: number;
  examples: ExampleSignals;
  random: Random;
}

/**
 * Asks a node about generated inputs until it has accepted some, and holds each answer to the rules of `infer` and
 * `weights`. Inputs that it refuses are asked about as well, since they must be refused, not thrown at.
 */
export function findCases(definition: AnyNodeDefinition, params: ParamSet, sockets: { inputs: Sockets; outputs: Sockets }, search: Search, findings: Findings): Case[] {
  const generated = new GeneratedInputs(sockets.inputs, search.examples, search.random);
  const cases: Case[] = [];
  const tries = Object.keys(sockets.inputs).length ? search.tries : 1;
  for (let i = 0; i < tries && cases.length < search.wanted; i++) {
    const inputs = generated.next();
    if (cases.some((known) => isDeepStrictEqual(known.inputs, inputs))) continue;
    const inferred = askOnce(definition, params, inputs, findings);
    const errors = inferred.problems.filter(({ severity }) => severity === 'error');
    if (errors.length) {
      for (const { message } of errors) generated.suggest(message);
      continue;
    }
    const weights = weightsFor(definition, params, inputs, findings);
    if (weights) cases.push({ params, inputs, outputs: inferred.outputs, cost: inferred.cost, weights });
  }
  // More that are likely refused, for the sake of how.
  for (let i = 0; i < search.tries / 4 && tries > 1; i++) askOnce(definition, params, generated.nextUnlike(), findings);
  return cases;
}

function askOnce(definition: AnyNodeDefinition, params: ParamSet, inputs: Signals, findings: Findings): Inferred {
  const [givenInputs, givenParams] = [structuredClone(inputs), structuredClone(params)];
  const { inferred, given, thrown } = watched(definition, givenInputs, givenParams);
  const where = describeCase(definition, { params, inputs });
  if (!isDeepStrictEqual(givenInputs, inputs) || !isDeepStrictEqual(givenParams, params)) {
    const what = isDeepStrictEqual(givenInputs, inputs) ? 'parameters' : 'inputs';
    findings.add('infer-pure', `expected \`infer\` to leave its ${what} alone, found them changed ${where}`, 'make new objects: `{ ...signal, shape }`', 'changes');
  } else if (!isDeepStrictEqual(inferNode(definition, givenInputs, givenParams), inferred)) {
    findings.add('infer-pure', `expected \`infer\` to say the same when asked again, found another answer ${where}`, 'let it depend on its inputs and parameters alone', 'answers');
  }
  if (thrown) {
    findings.add('infer-throws', `expected \`infer\` to say what does not fit, found that it throws ${where}: ${reasonOf(thrown.error)}`, 'report it: `ctx.problem({ code, socket, message, hint })`, and leave the output out');
  } else for (const problem of inferred.problems) checkProblem(definition, problem, inputs, where, findings);
  for (const [socket, signal] of Object.entries(given ?? {})) {
    // Nothing left of a small image is refused, not promised.
    const isShape = Array.isArray(signal?.shape) && signal.shape.every((n) => Number.isInteger(n) && n >= 0);
    if (signal && !isShape) findings.add('promise', `${socket}: expected a shape of whole numbers from 1, found ${describeShape(signal.shape)}, ${where}`, 'compute it from the shapes of the inputs', `shape ${socket}`);
  }
  for (const [socket, signal] of Object.entries(inferred.outputs)) {
    const wrong = whatIsNotPlain(signal, [socket]);
    if (wrong) findings.add('serialisation', `expected a signal of plain data, found that ${wrong}, ${where}`, 'a signal is what other processes are told', socket);
  }
  const wrong = Object.entries(inferred.cost).find(([, value]) => !(Number.isFinite(value) && value >= 0));
  if (wrong) findings.add('promise', `expected a cost from 0, found ${wrong[0]} ${wrong[1]} ${where}`, 'check what is given to `ctx.cost`', 'cost');
  return inferred;
}

/** An answer, and what was thrown instead of one: that the server makes a problem of it is no excuse. */
function watched(definition: AnyNodeDefinition, inputs: Signals, params: ParamSet): { inferred: Inferred; given?: Signals; thrown?: { error: unknown } } {
  let signals: Signals | undefined;
  let thrown: { error: unknown } | undefined;
  const infer: AnyNodeDefinition['infer'] = (...given) => {
    try {
      return (signals = definition.infer(...given));
    } catch (error) {
      thrown = { error };
      throw error;
    }
  };
  const inferred = inferNode({ ...definition, infer }, inputs, params);
  return { inferred, ...(signals ? { given: signals } : {}), ...(thrown ? { thrown } : {}) };
}

const describeShape = (shape: unknown): string => (Array.isArray(shape) ? `[${shape.map(String).join(', ')}]` : describeValue(shape));

function checkProblem(definition: AnyNodeDefinition, { code, message, socket, field }: Inferred['problems'][number], inputs: Signals, where: string, findings: Findings): void {
  if (code === 'infer-incomplete') return findings.add('promise', `${socket}: ${message}, ${where}`, 'give a signal for each output, or report a problem', 'incomplete');
  if (!code || !message) findings.add('infer-throws', `expected problems with a code and a message, found ${JSON.stringify({ code, message })} ${where}`, 'say what was expected and what was found', 'problem');
  const known = new Set([...Object.keys(inputs), ...Object.keys(definition.params), ...socketNames(definition)]);
  for (const place of [socket, field?.split(' › ')[0]]) {
    if (place !== undefined && !known.has(place)) {
      findings.add('infer-throws', `expected a problem at a socket or parameter of the node, found "${place}" ${where}`, 'name the socket or parameter as it is declared', 'place');
    }
  }
}

function socketNames({ outputs, inputs }: AnyNodeDefinition): string[] {
  return [inputs, outputs].flatMap((sockets) => (typeof sockets === 'function' ? [] : Object.keys(sockets)));
}

function weightsFor(definition: AnyNodeDefinition, params: ParamSet, inputs: Signals, findings: Findings): readonly WeightSpec[] | undefined {
  if (!definition.weights) return [];
  const where = describeCase(definition, { params, inputs });
  const [givenInputs, givenParams] = [structuredClone(inputs), structuredClone(params)];
  try {
    const specs = definition.weights(givenInputs, givenParams);
    if (!isDeepStrictEqual(givenInputs, inputs) || !isDeepStrictEqual(givenParams, params)) {
      findings.add('infer-pure', `expected \`weights\` to leave what it is given alone, found it changed ${where}`, 'make new objects', 'weights change');
    } else if (!isDeepStrictEqual(definition.weights(givenInputs, givenParams), specs)) {
      findings.add('infer-pure', `expected \`weights\` to say the same when asked again, found another answer ${where}`, 'let it depend on its inputs and parameters alone', 'weights answer');
    }
    const wrong = whatIsNotPlain(specs);
    if (wrong) findings.add('serialisation', `expected weights of plain data, found that ${wrong}, ${where}`, 'a weight is declared by numbers and texts', 'weights');
    return specs;
  } catch (error) {
    findings.add('weights', `expected \`weights\` to answer for inputs that \`infer\` accepts, found that it throws ${where}: ${reasonOf(error)}`, 'report in `infer` what does not fit', 'throws');
    return undefined;
  }
}

/** Median time of `infer`, in ms, over its cases that cost it most. */
export function timeOfInfer(definition: AnyNodeDefinition, cases: readonly Pick<Case, 'params' | 'inputs'>[]): { ms: number; of: Pick<Case, 'params' | 'inputs'> | undefined } {
  const once = (of: Pick<Case, 'params' | 'inputs'>): number => {
    const begin = performance.now();
    inferNode(definition, of.inputs, of.params);
    return performance.now() - begin;
  };
  const slowest = cases.map((of) => ({ of, ms: once(of) })).sort((a, b) => b.ms - a.ms).slice(0, 3);
  let worst = { ms: 0, of: cases[0] };
  for (const { of } of slowest) {
    const ms = median(Array.from({ length: 9 }, () => once(of)));
    if (ms > worst.ms) worst = { ms, of };
  }
  return worst;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}
