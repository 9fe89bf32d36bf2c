import type { Kernels, Tensor, Tensors, Tf } from '../../plugins/sdk/index.ts';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { atNode } from './at-node.ts';
import { countingLeaks } from './leaks.ts';
import type { ProgramContext, ProgramSpec, UpdateRule } from './program.ts';

/** A state and the gradient that a kernel is to move it by when the function ends. */
export interface Move {
  state: string;
  rule: UpdateRule;
  gradient: Tensor;
  hyper: Tensors;
}

/** What a function sees while it runs, in either mode: gathers its effects, which the mode carries out afterwards. */
export class FunctionContext implements ProgramContext {
  readonly tf: Tf;
  readonly kernels: Kernels;
  readonly assignments = new Map<string, Tensor>();
  readonly moves: Move[] = [];
  readonly #spec: ProgramSpec;
  readonly #values: ReadonlyMap<string, Tensor>;
  readonly #nodes: string[] = [];
  readonly #claimed = new Set<string>();
  readonly #isAtOnce: boolean;

  /** `isAtOnce`: tensors are computed as the function runs, not traced. */
  constructor(tf: Tf, kernels: Kernels, spec: ProgramSpec, values: ReadonlyMap<string, Tensor>, { isAtOnce = false } = {}) {
    this.tf = tf;
    this.kernels = kernels;
    this.#spec = spec;
    this.#values = values;
    this.#isAtOnce = isAtOnce;
  }

  /** The node whose part is running. */
  get node(): string | undefined {
    return this.#nodes.at(-1);
  }

  read(name: string): Tensor {
    const value = this.#values.get(name);
    if (value) return value;
    throw new StillroomError('unknown-value', `expected a constant or state of "${this.#spec.name}", found "${name}"`);
  }

  assign(name: string, value: Tensor): void {
    this.#claim(name);
    const shape = this.#spec.state[name]!.shape;
    if (value.shape.join() !== shape.join() || value.dtype !== 'float32') {
      throw new StillroomError(
        'wrong-shape',
        `expected float32 [${shape.join()}] for "${name}", found ${value.dtype} [${value.shape.join()}]`,
      );
    }
    this.assignments.set(name, this.#carry(value));
  }

  within<T>(node: string, part: () => T, type: string | null = null): T {
    this.#nodes.push(node);
    try {
      return atNode(node, () => (this.#isAtOnce ? countingLeaks(this.tf, node, () => this.assignments.size + this.moves.length, part) : part()), type);
    } finally {
      this.#nodes.pop();
    }
  }

  minimise(loss: () => Tensor, states: readonly string[], rule: UpdateRule, hyper: Tensors): Tensor {
    for (const state of states) {
      for (const name of [state, ...rule.slots.map((slot) => `${state}/${slot}`)]) this.#claim(name);
    }
    for (const name of rule.hyper) {
      if (!hyper[name]) throw new StillroomError('unknown-value', `expected the scalar "${name}" for ${rule.name}, found none`);
    }
    const weights = states.map((state) => this.read(state));
    const { value, grads } = this.#gradients(loss, weights);
    // As PyTorch does, a weight that the loss does not reach stays where it is; one loss that reaches none is a mistake.
    if (!grads.some(Boolean)) {
      throw new StillroomError('no-gradient', `expected a loss that depends on ${states.join(', ') || 'a state'}, found one that does not`);
    }
    grads.forEach((gradient, i) => {
      if (!gradient) return;
      const state = states[i]!;
      if (rule.kernel) this.moves.push({ state, rule, gradient: this.#carry(gradient), hyper });
      else this.#move(state, rule, gradient, hyper);
    });
    return value;
  }

  /** As ordinary ops: without a kernel, a move is assignments. */
  #move(state: string, rule: UpdateRule, gradient: Tensor, hyper: Tensors): void {
    const slots = Object.fromEntries(rule.slots.map((slot) => [slot, this.read(`${state}/${slot}`)]));
    const moved = rule.move(this.tf, { value: this.read(state), gradient, slots, hyper });
    this.assignments.set(state, this.#carry(moved.value));
    for (const [slot, value] of Object.entries(moved.slots)) this.assignments.set(`${state}/${slot}`, this.#carry(value));
  }

  #gradients(loss: () => Tensor, weights: Tensor[]): { value: Tensor; grads: (Tensor | undefined)[] } {
    const engine = this.tf.engine();
    try {
      return engine.gradients(loss, weights, undefined, true);
    } catch (cause) {
      // What was saved for the backward pass is held by tfjs until that pass ends, and this one does not begin.
      for (const { saved } of engine.state.activeTape ?? []) for (const tensor of saved ?? []) tensor.dispose();
      throw cause;
    }
  }

  /** Ends the hold on what outlived its scope. */
  dispose(): void {
    for (const tensor of this.assignments.values()) tensor.dispose();
    for (const { gradient } of this.moves) gradient.dispose();
  }

  #claim(name: string): void {
    if (!this.#spec.state[name]) {
      throw new StillroomError('unknown-value', `expected a state of "${this.#spec.name}", found "${name}"`);
    }
    if (this.#claimed.has(name)) {
      throw new StillroomError('assigned-twice', `expected one new value for "${name}" in a call, found two`);
    }
    this.#claimed.add(name);
  }

  /** A handle that survives the scope in which the tensor was made. */
  #carry(tensor: Tensor): Tensor {
    return this.tf.keep(this.tf.clone(tensor));
  }
}
