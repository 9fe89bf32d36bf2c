import type { Optimiser, Tensors } from '../../plugins/sdk/index.ts';
import { compileProgram } from '../engine/compile-program.ts';
import { eagerProgram } from '../engine/eager-program.ts';
import type { Engine } from '../engine/load.ts';
import type { Program, ProgramSpec, UpdateRule, Values } from '../engine/program.ts';
import { hyperOf, ruleOf } from '../engine/update-rules.ts';
import type { Backend } from './backend.ts';
import { difference } from './compare.ts';
import { Findings, reasonOf, type Finding } from './finding.ts';
import { whatIsNotPlain } from './plain-data.ts';

/** The bowl that is descended: `Σ aᵢ (wᵢ − tᵢ)²`, from where its sides are unlike. */
const bowl = { steepness: Float32Array.of(0.5, 1, 2, 4), target: Float32Array.of(1, -1, 0.5, -0.25), start: Float32Array.of(2, 1, -1, 0.75) };
const rates = [0.1, 0.01, 0.001];
const steps = 300;
/** Native and eager steps may differ by rounding: of the largest magnitude. */
const tolerance = 1e-4;

/** Holds an optimiser to its rules, with the settings of its example: it descends a bowl, op by op and in a native program. */
export function checkOptimiser(optimiser: Optimiser, backend: Backend): Finding[] {
  const findings = new Findings(optimiser.name);
  const { example } = optimiser;
  const notPlain = whatIsNotPlain(example);
  if (notPlain !== undefined) findings.add('serialisation', `expected settings that are plain data, found that ${notPlain} in the example`, 'use numbers, texts, lists and plain objects only');
  try {
    checkHyper(optimiser, findings);
    const rule = ruleOf(optimiser, example);
    const left = backend.tf.memory().numTensors;
    const descents = rates.map((rate) => descend(optimiser, rule, backend, rate));
    if (backend.tf.memory().numTensors > left) findings.add('leak', 'expected `move` to leave no tensor behind, found some', 'make tensors of what it is given alone, and `keep` none');
    const broken = descents.find(({ end }) => !Number.isFinite(end));
    if (broken) findings.add('optimiser-step', `expected finite weights and slots, found others within ${steps} steps at the rate ${broken.rate}`, 'guard roots and divisions with a small ε, and start slots from zeros');
    else if (descents.every(({ start, end }) => end > start * 0.99)) {
      findings.add('optimiser-descends', `expected a bowl to be descended at one of the rates ${rates.join(', ')}, found a loss of ${best(descents).toPrecision(3)} after ${steps} steps from ${descents[0]!.start.toPrecision(3)}`, 'subtract along the gradient, by a share of the rate');
    } else if (backend.engine) checkNative(optimiser, rule, backend.engine, findings);
  } catch (error) {
    findings.add('optimiser-step', `expected \`slots\`, \`hyper\` and \`move\` to make a step, found that they failed: ${reasonOf(error)}`, 'give finite numbers, and the weight and each slot in the shape of the weight');
  }
  return findings.list;
}

const best = (descents: readonly { end: number }[]): number => Math.min(...descents.map(({ end }) => end));

function checkHyper(optimiser: Optimiser, findings: Findings): void {
  const [first, ...later] = [1, 2, 1000].map((step) => Object.keys(hyperOf(optimiser, optimiser.example, 0.01, step)).sort().join(', '));
  const other = later.find((names) => names !== first);
  if (other !== undefined) findings.add('optimiser-step', `expected \`hyper\` to give the same names at every step, found ${first || 'none'} and then ${other || 'none'}`, 'give each number at every step', 'names');
  const now = (): string => JSON.stringify(hyperOf(optimiser, optimiser.example, 0.01, 7));
  if (now() !== now()) findings.add('determinism', 'expected `hyper` to give the same for the same step, found other numbers', 'work everything out of settings, rate and step');
}

/** Steps by `move` alone, so that it can be tried where there is no engine. */
function descend(optimiser: Optimiser, rule: UpdateRule, { tf }: Backend, rate: number): { rate: number; start: number; end: number } {
  let w = bowl.start;
  let slots = Object.fromEntries(rule.slots.map((slot) => [slot, new Float32Array(w.length)]));
  for (let step = 1; step <= steps; step++) {
    const gradient = w.map((value, i) => 2 * bowl.steepness[i]! * (value - bowl.target[i]!));
    tf.tidy(() => {
      const tensors = (values: Record<string, Float32Array>): Tensors => Object.fromEntries(Object.entries(values).map(([name, data]) => [name, tf.tensor1d(data)]));
      const hyper = Object.entries(hyperOf(optimiser, optimiser.example, rate, step)).map(([name, value]) => [name, tf.scalar(value)]);
      const moved = rule.move(tf, { value: tf.tensor1d(w), gradient: tf.tensor1d(gradient), slots: tensors(slots), hyper: Object.fromEntries(hyper) as Tensors });
      w = moved.value.dataSync<'float32'>().slice();
      slots = Object.fromEntries(Object.entries(moved.slots).map(([slot, tensor]) => [slot, tensor.dataSync<'float32'>().slice()]));
    });
  }
  const isFinite = [w, ...Object.values(slots)].every((values) => values.every(Number.isFinite));
  return { rate, start: lossOf(bowl.start), end: isFinite ? lossOf(w) : Number.NaN };
}

/** The native program, with TensorFlow's kernel where one is named, does as `move` does op by op. */
function checkNative(optimiser: Optimiser, rule: UpdateRule, engine: Engine, findings: Findings): void {
  let native: Program | undefined;
  const eager = eagerProgram(engine, specOf(rule));
  try {
    native = compileProgram(engine, specOf(rule), { mode: 'native' });
    for (let step = 1; step <= 5; step++) for (const program of [native, eager]) callStep(program, optimiser, 0.01, step);
    const differs = difference(eager.read(), native.read(), tolerance);
    if (differs !== undefined) {
      const why = rule.kernel ? `the kernel "${rule.kernel}" does something else` : 'something is frozen in the trace';
      findings.add('optimiser-native', `expected a native step to do as \`move\` does, found that ${differs} after 5 steps: ${why}`, rule.kernel ? 'leave `kernel` out, or let `move` and `hyper` do as that kernel' : 'let what changes between steps come through `hyper`');
    }
  } catch (error) {
    findings.add('optimiser-native', `expected \`move\` to be traced into a native program, found that it failed: ${reasonOf(error)}`, 'use ordinary ops on what it is given; read no value back, and draw nothing by chance');
  } finally {
    native?.dispose();
    eager.dispose();
  }
}

function specOf(rule: UpdateRule): ProgramSpec {
  const values = (data: Float32Array): Values => ({ shape: [data.length], data: data.slice() });
  const slots = rule.slots.map((slot) => [`w/${slot}`, values(new Float32Array(bowl.start.length))]);
  return {
    name: rule.name,
    key: [rule.name],
    constants: { steepness: values(bowl.steepness), target: values(bowl.target) },
    state: { w: values(bowl.start), ...(Object.fromEntries(slots) as Record<string, Values>) },
    functions: {
      step: {
        inputs: Object.fromEntries(rule.hyper.map((name) => [name, { shape: [], dtype: 'float32' as const }])),
        run: (ctx, hyper) => {
          const { tf } = ctx;
          const loss = () => tf.sum(tf.mul(ctx.read('steepness'), tf.square(tf.sub(ctx.read('w'), ctx.read('target')))));
          return { loss: ctx.minimise(loss, ['w'], rule, hyper) };
        },
      },
    },
  };
}

function callStep(program: Program, optimiser: Optimiser, rate: number, step: number): void {
  const hyper = Object.entries(hyperOf(optimiser, optimiser.example, rate, step)).map(([name, value]) => [name, { shape: [], data: Float32Array.of(value) }]);
  program.call('step', Object.fromEntries(hyper) as Parameters<Program['call']>[1]);
}

function lossOf(w: Float32Array): number {
  return w.reduce((sum, value, i) => sum + bowl.steepness[i]! * (value - bowl.target[i]!) ** 2, 0);
}
