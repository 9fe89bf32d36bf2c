import { createRandom, type AnyNodeDefinition } from '../../plugins/sdk/index.ts';
import type { Backend } from './backend.ts';
import { describeCase, type Case } from './case.ts';
import { checkDocs, checkSchema, checkSockets } from './check-declaration.ts';
import { checkCalibration, checkSink } from './check-host.ts';
import { checkMigrations, type OlderParams } from './check-migration.ts';
import { checkParameters, checkSettings } from './check-serialisation.ts';
import { TensorChecks } from './check-tensors.ts';
import { checkWeights } from './check-weights.ts';
import { Fill, sizeOf } from './fill.ts';
import { findCases, timeOfInfer } from './find-cases.ts';
import { Findings, type Finding } from './finding.ts';
import type { ExampleSignals } from './generated-inputs.ts';
import { parameterSets } from './parameter-sets.ts';

export interface NodeOptions {
  /** What chance is seeded with: equal seeds try equal parameters, inputs and weights. 0 if absent. */
  seed?: number;
  /** Combinations of parameters that are drawn, besides each by itself; 4 if absent. */
  combinations?: number;
  /** Unlike inputs that the defaults are tried on; 3 if absent. */
  sizes?: number;
  /** Median time that `infer` may take, ms; 5 if absent. */
  inferBound?: number;
  /** Signals of socket types of your own, by type; and of built-in ones where what is generated does not fit. */
  signals?: ExampleSignals;
  /** Parameters as graphs of older versions have them, by node type. */
  older?: Record<string, readonly OlderParams[]>;
}

export interface NodeReport {
  node: string;
  /** Sets of parameters, inputs that the node accepted, and how many of those were run in tensors. */
  tried: { parameters: number; inputs: number; runs: number };
  findings: Finding[];
}

/** Runs of one case, but for the defaults, are only made below these: what is dear is tried by its shapes alone. */
const most = { weights: 3e6, multiplyAdds: 3e8, activationBytes: 64e6 };

/** Holds one node type to all rules. */
export function checkNode(definition: AnyNodeDefinition, backend: Backend, options: NodeOptions = {}): NodeReport {
  const { seed = 0, combinations = 4, sizes = 3, inferBound = 5, signals = {}, older = {} } = options;
  const findings = new Findings(definition.type);
  const random = createRandom('conformance', seed, definition.type);
  checkSchema(definition, findings);
  checkDocs(definition, findings);
  checkMigrations(definition, older[definition.type] ?? [], findings);
  const sets = parameterSets(definition, random, combinations);
  const cases: Case[] = [];
  let ofDefaults = 0;
  for (const [i, params] of sets.entries()) {
    if (!findings.has('schema')) checkParameters(definition, params, findings);
    checkSettings(definition, params, findings);
    const sockets = checkSockets(definition, params, findings);
    if (!sockets) continue;
    const search = { wanted: i === 0 ? sizes : 1, tries: Object.keys(sockets.inputs).length > 1 ? 80 : 40, examples: signals, random };
    cases.push(...findCases(definition, params, sockets, search, findings));
    if (i === 0) ofDefaults = cases.length;
  }
  if (cases.length === 0 && findings.list.length === 0) {
    findings.add('inputs', 'expected inputs that the node accepts, found none among those generated', 'give some that it takes: the option `signals` of the check');
  }
  checkTime(definition, cases, inferBound, findings);
  for (const found of cases) checkWeights(definition, found, findings);
  const fill = new Fill('conformance', seed, definition.type);
  const tensors = new TensorChecks(backend, definition, fill, findings);
  if (definition.build && !findings.has('infer-throws') && !findings.has('weights')) {
    for (const [i, found] of cases.entries()) {
      const isThorough = i === 0 || i === cases.length - 1;
      if (i < ofDefaults || isCheap(found)) tensors.check(found, isThorough ? otherThan(i, cases) : undefined);
    }
    tensors.finish();
  }
  for (const found of cases) {
    const calibrated = definition.calibrate ? checkCalibration(definition, found, fill, findings) : {};
    // A pass that has been refused leaves nothing to measure with.
    const isWhole = found.weights.every(({ name, role }) => role !== 'calibrated' || calibrated[name]);
    if (definition.sink && isWhole) checkSink(definition, found, calibrated, fill, findings);
  }
  return { node: definition.type, tried: { parameters: sets.length, inputs: cases.length, runs: tensors.count }, findings: findings.list };
}

/** A busy machine makes everything slow for a while: what is too slow is measured again. */
function checkTime(definition: AnyNodeDefinition, cases: readonly Case[], bound: number, findings: Findings): void {
  if (cases.length === 0) return;
  let found = timeOfInfer(definition, cases);
  for (let again = 0; again < 2 && found.ms > bound; again++) {
    const next = timeOfInfer(definition, cases);
    if (next.ms < found.ms) found = next;
  }
  if (found.ms <= bound) return;
  findings.add('infer-time', `expected \`infer\` to take ${bound} ms at most, found a median of ${found.ms.toFixed(1)} ms ${describeCase(definition, found.of!)}`, 'compute shapes only: it is called at every edit, for every node');
}

function isCheap({ weights, cost }: Case): boolean {
  const numbers = weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return numbers <= most.weights && cost.multiplyAdds <= most.multiplyAdds && cost.activationBytes <= most.activationBytes;
}

/** The cheapest case with other parameters, or else with other inputs, or else the case itself. */
function otherThan(i: number, cases: readonly Case[]): Case {
  const own = cases[i]!;
  const others = cases.filter((found) => found !== own && isCheap(found));
  return others.find(({ params }) => params !== own.params) ?? others[0] ?? own;
}
