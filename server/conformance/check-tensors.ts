import type { AnyNodeDefinition, Tensor, Tensors, Tf } from '../../plugins/sdk/index.ts';
import type { Backend } from './backend.ts';
import { describeCase, type Case } from './case.ts';
import { checkGradients, checkReached, differentiable, sumOfOutputs, type Reached } from './check-gradients.ts';
import { whyNotTraceable } from './check-trace.ts';
import { difference } from './compare.ts';
import { batched, type Fill } from './fill.ts';
import { reasonOf, type Findings } from './finding.ts';
import { runNode, type NodeResult, type NodeRun } from './run-node.ts';

const batch = 3;
/** On a processor equal runs are equal to the bit; a GPU adds up in an order of its own. */
const rounding = 1e-6;

/** Runs a node in tensors, case by case, and holds what it gives to the rules. */
export class TensorChecks {
  readonly #backend: Backend;
  readonly #definition: AnyNodeDefinition;
  readonly #fill: Fill;
  readonly #findings: Findings;
  readonly #reached: Reached = { seen: new Map(), moved: new Set() };
  #count = 0;

  constructor(backend: Backend, definition: AnyNodeDefinition, fill: Fill, findings: Findings) {
    this.#backend = backend;
    this.#definition = definition;
    this.#fill = fill;
    this.#findings = findings;
  }

  /** Cases that were run. */
  get count(): number {
    return this.#count;
  }

  /** @param other a case to build in between; with it, the rarer rules are looked at as well */
  check(found: Case, other?: Case): void {
    const where = describeCase(this.#definition, found);
    const run = this.#runOf(found, batch);
    this.#count++;
    let last = 'build';
    try {
      const predicted = this.#run(run, where);
      this.#checkOutputs(found, predicted, batch, where);
      this.#expectSame(run, predicted, 'determinism', 'two runs of equal inputs, weights and seed', where);
      const read = new Set(predicted.read);
      if (!this.#findings.has('promise')) {
        last = 'gradient';
        const trained = this.#train(run, found, where);
        for (const name of trained.read) read.add(name);
        last = 'build';
      }
      this.#checkRead(found, read, where);
      if (other) this.#checkRarer(found, run, predicted, other, where);
    } catch (error) {
      const rule = last === 'gradient' ? 'gradient' : 'build';
      const what = rule === 'gradient' ? 'a training step' : '`build` and what it gives';
      const hint = rule === 'gradient' ? 'use ops that have gradients, or make the weight `frozen`' : 'refuse in `infer` what cannot be run';
      this.#findings.add(rule, `expected ${what} to run, found that it throws ${where}: ${reasonOf(error)}`, hint);
    }
  }

  finish(): void {
    checkReached(this.#reached, this.#findings);
  }

  #runOf({ params, inputs, outputs, weights }: Case, of: number): NodeRun {
    const values = this.#fill.weights(weights);
    return { definition: this.#definition, params, inputs, outputs, weights, feeds: this.#fill.feeds(inputs, of), values };
  }

  /** With the rules that hold of any run. */
  #run(run: NodeRun, where: string): NodeResult {
    const result = runNode(this.#backend, run);
    if (result.left > 0) {
      this.#findings.add('leak', `expected no tensor to be left behind, found ${result.left} ${where}`, 'keep no tensor (`tf.keep`, `tf.variable`): what lasts is a weight');
    }
    if (result.readBacks > 0 && !this.#definition.eager) {
      this.#findings.add('traceable', `expected no value to be read while the node runs, found ${result.readBacks} reads ${where}`, 'compute with tensor ops alone, or declare `eager: true`', 'reads');
    }
    return result;
  }

  #checkOutputs({ outputs, inputs }: Case, given: NodeResult, of: number, where: string): void {
    for (const [socket, { type, shape }] of Object.entries(outputs)) {
      const expected = batched(type, shape, of);
      const value = given.outputs[socket];
      const seen = value ? `${value.dtype} [${value.shape.join(', ')}]` : 'nothing';
      if (seen !== `float32 [${expected.join(', ')}]`) {
        this.#findings.add('promise', `${socket}: expected float32 [${expected.join(', ')}], as \`infer\` promises (batch of ${of} first), found ${seen} ${where}`, 'bring `infer` and `build` together', socket);
      } else if (!value!.data.every(Number.isFinite)) {
        const odd = value!.data.find((x) => !Number.isFinite(x));
        this.#findings.add('finite', `${socket}: expected finite numbers, found ${odd} ${where}, ${Object.keys(inputs).length ? 'from finite inputs' : 'from none'}`, 'guard divisions, roots and logarithms with a small ε', socket);
      }
    }
  }

  #expectSame(run: NodeRun, before: NodeResult, rule: 'determinism' | 'random' | 'state', what: string, where: string): void {
    const again = this.#run(run, where);
    const by = difference(before.outputs, again.outputs, rounding);
    if (by === undefined || this.#findings.has('determinism')) return;
    this.#findings.add(rule, `expected ${what} to give equal outputs, found that ${by} ${where}`, hints[rule], what);
  }

  /** A training step, with gradients where there is something to differentiate; twice, to compare. */
  #train(run: NodeRun, found: Case, where: string): NodeResult {
    const seeded: NodeRun = { ...run, training: true, seed: [1, 2] };
    const loss = differentiable(found) ? (outputs: Tensors, tf: Tf): Tensor => sumOfOutputs(tf, outputs, this.#fill) : undefined;
    const trained = this.#run({ ...seeded, ...(loss ? { loss } : {}) }, where);
    this.#checkOutputs(found, trained, batch, where);
    if (loss) checkGradients(found, trained, this.#reached, where, this.#findings);
    for (const { name, role, shape } of found.weights) {
      const assigned = trained.assigned[name];
      if (!assigned) continue;
      if (role === 'trainable') this.#findings.add('weights', `weight "${name}": expected the gradient alone to move it, found that the node assigns it ${where}`, 'make it a `statistic`, or leave it to the fit', `assigns ${name}`);
      if (assigned.shape.join() !== shape.join()) this.#findings.add('weights', `weight "${name}": expected to be assigned [${shape.join(', ')}], found [${assigned.shape.join(', ')}] ${where}`, 'assign a value of its own shape', `assigns ${name}`);
    }
    this.#expectSame(seeded, trained, 'determinism', 'two training steps of equal inputs, weights and seed', where);
    return trained;
  }

  #checkRead({ weights }: Case, read: ReadonlySet<string>, where: string): void {
    for (const { name, role } of weights) {
      if (read.has(name) || (role === 'calibrated' && this.#definition.sink)) continue;
      this.#findings.add('weights', `weight "${name}": expected to be read, found that it never is ${where}`, 'read it, or do not declare it', `unread ${name}`);
    }
  }

  #checkRarer(found: Case, run: NodeRun, predicted: NodeResult, other: Case, where: string): void {
    this.#expectSame({ ...run, seed: [3, 4] }, predicted, 'random', 'two predictions of unequal seeds', where);
    if (!this.#definition.random) {
      const trained = this.#run({ ...run, training: true, seed: [1, 2] }, where);
      this.#expectSame({ ...run, training: true, seed: [3, 4] }, trained, 'random', 'two training steps of unequal seeds', where);
    }
    const between = (): void => void runNode(this.#backend, this.#runOf(other, 2));
    this.#expectSame({ ...run, between }, predicted, 'state', 'a build and the same build with another one after it', where);
    this.#expectSame(run, predicted, 'state', 'a build before and after others', where);
    const single = this.#runOf(found, 1);
    this.#checkOutputs(found, this.#run(single, where), 1, where);
    if (this.#backend.engine && !this.#definition.eager && !this.#findings.has('traceable') && !this.#findings.has('determinism')) {
      const why = whyNotTraceable(this.#backend.engine, run);
      if (why) this.#findings.add('traceable', `expected a node that can be traced into a native program, found that it is refused ${where}: ${why}`, 'compute with tensor ops alone, from inputs, weights and seed, or declare `eager: true`', 'trace');
    }
  }
}

const hints = {
  determinism: 'draw with `kernels.uniform` or `normal` from `mode.seed`, keep nothing from run to run',
  random: 'declare `random: true`, and draw only when `mode.training`',
  state: 'keep what a build makes in its own scope: a module is shared by all nodes of the type',
} as const;
