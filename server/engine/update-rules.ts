import { StillroomError, type Optimiser, type Tensor, type Tensors, type WeightAtStep } from '../../plugins/sdk/index.ts';
import type { UpdateRule } from './program.ts';

/** What TensorFlow's kernels ask of a rule that names them. */
const kernels: Record<NonNullable<Optimiser['kernel']>, { hyper: readonly string[]; slots: readonly string[] }> = {
  adam: { hyper: ['stepSize', 'beta1', 'beta2', 'epsilon'], slots: ['m', 'v'] },
  descent: { hyper: ['rate'], slots: [] },
};

/** How an optimiser of these settings moves a state. Throws `optimiser-failed`. */
export function ruleOf(optimiser: Optimiser, settings: unknown): UpdateRule {
  const { name, kernel } = optimiser;
  const hyper = Object.keys(hyperOf(optimiser, settings, 1e-3, 1));
  const slots = asked(optimiser, 'slots', () => [...optimiser.slots(settings)]);
  if (slots.some((slot) => typeof slot !== 'string' || slot === '' || slot.includes('/')) || new Set(slots).size < slots.length) {
    throw failed(name, 'slots', `expected names without "/", each once, found ${JSON.stringify(slots)}`);
  }
  const needs = kernel && [...kernels[kernel].hyper, ...kernels[kernel].slots];
  const lacking = needs?.find((needed) => ![...hyper, ...slots].includes(needed));
  if (lacking !== undefined) throw failed(name, `the kernel "${kernel}"`, `expected "${lacking}" among its numbers and slots, found ${[...hyper, ...slots].join(', ') || 'none'}`);
  const move: UpdateRule['move'] = (tf, at) => mustBeWhole(name, slots, at, asked(optimiser, 'move', () => optimiser.move(tf, at)));
  return { name, hyper, slots, move, ...(kernel ? { kernel } : {}) };
}

/**
 * The scalars that a step is fed, under the names of the rule's `hyper`. Throws `optimiser-failed`.
 *
 * @param rate learning rate of this step
 * @param step 1 for the first step of a fit
 * @throws RangeError where `step` is not a whole number from 1
 */
export function hyperOf(optimiser: Optimiser, settings: unknown, rate: number, step: number): Record<string, number> {
  if (!Number.isInteger(step) || step < 1) throw new RangeError(`expected a step from 1, found ${step}`);
  const given = asked(optimiser, 'hyper', () => optimiser.hyper(settings, { rate, step }));
  for (const [name, value] of Object.entries(given)) {
    if (!Number.isFinite(value)) throw failed(optimiser.name, 'hyper', `expected a finite number for "${name}", found ${String(value)} at step ${step}`);
  }
  return given;
}

/** The weight and each slot, as they were declared. */
function mustBeWhole(name: string, slots: readonly string[], { value }: WeightAtStep, moved: { value: Tensor; slots: Tensors }): { value: Tensor; slots: Tensors } {
  const found = Object.keys(moved.slots ?? {});
  if ([...found].sort().join() !== [...slots].sort().join()) {
    throw failed(name, 'move', `expected the slots ${slots.join(', ') || '(none)'}, found ${found.join(', ') || 'none'}`);
  }
  for (const [what, tensor] of Object.entries({ 'the weight': moved.value, ...moved.slots })) {
    const isRight = tensor?.dtype === 'float32' && tensor.shape.join() === value.shape.join();
    if (!isRight) throw failed(name, 'move', `expected float32 [${value.shape.join()}] for ${what}, found ${tensor ? `${tensor.dtype} [${tensor.shape?.join()}]` : 'nothing'}`);
  }
  return moved;
}

function asked<T>({ name }: Optimiser, what: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    // What an engine of ours says is told as it is: it may be for the graph to mend.
    if (cause instanceof StillroomError) throw cause;
    throw failed(name, what, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function failed(name: string, what: string, why: string, cause?: unknown): StillroomError {
  return new StillroomError('optimiser-failed', `expected ${what} of the optimiser "${name}" to give what a step needs, found that it failed: ${why}`, {
    hint: 'check its settings; if they are right, this is a defect of the plugin that brings it: report it to its authors',
    cause,
  });
}
