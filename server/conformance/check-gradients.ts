import type { Tensor, Tensors, Tf } from '../../plugins/sdk/index.ts';
import type { Case } from './case.ts';
import type { Fill } from './fill.ts';
import type { Findings } from './finding.ts';
import type { NodeResult } from './run-node.ts';

/** Trainable weights by where they were first seen, and those that a gradient other than 0 has reached. */
export interface Reached {
  seen: Map<string, string>;
  moved: Set<string>;
  /** Of a node that gives a loss: whether a gradient has reached any input. A loss may be weighed by 0 in some cases. */
  loss?: { where: string; moved: boolean };
}

/** Whether there is anything that a gradient must reach: trainable weights, or what a loss is made of. */
export function differentiable({ weights, outputs, inputs }: Case): boolean {
  const types = Object.values(outputs).map(({ type }) => type);
  return types.length > 0 && (weights.some(({ role }) => role === 'trainable') || (types.includes('loss') && Object.keys(inputs).length > 0));
}

/** A scalar that depends on each value of each output, in its own way. */
export function sumOfOutputs(tf: Tf, outputs: Tensors, fill: Fill): Tensor {
  const means = Object.values(outputs).map((y) => tf.mean(tf.mul(y, tf.tensor(fill.normal(y.size), y.shape))));
  return tf.addN(means);
}

export function checkGradients({ weights, outputs }: Case, { gradients, inputGradients }: NodeResult, reached: Reached, where: string, findings: Findings): void {
  for (const { name, role } of weights) {
    if (role !== 'trainable') continue;
    const gradient = gradients[name];
    if (!gradient) {
      findings.add('gradient', `expected a gradient for the trainable weight "${name}", found that outputs do not depend on it ${where}`, 'use what `read()` gives in tensor ops, or make it `frozen`', name);
      reached.moved.add(name);
    } else {
      if (!reached.seen.has(name)) reached.seen.set(name, where);
      if (gradient.some((x) => x !== 0)) reached.moved.add(name);
      if (!findings.has('finite') && !gradient.every(Number.isFinite)) {
        findings.add('gradient', `expected a finite gradient for "${name}", found ${gradient.find((x) => !Number.isFinite(x))} ${where}`, 'guard roots and divisions inside with a small ε', `${name} finite`);
      }
    }
  }
  const isLoss = Object.values(outputs).some(({ type }) => type === 'loss');
  if (!isLoss) return;
  if (!reached.loss) reached.loss = { where, moved: false };
  reached.loss.moved ||= Object.values(inputGradients).some((gradient) => gradient?.some((x) => x !== 0));
}

/** What no case has reached. */
export function checkReached({ seen, moved, loss }: Reached, findings: Findings): void {
  for (const [name, where] of seen) {
    if (moved.has(name)) continue;
    findings.add('gradient', `expected a gradient for the trainable weight "${name}", found 0 everywhere, ${where}`, 'let outputs depend on it, or make it `frozen`', name);
  }
  if (loss && !loss.moved) {
    findings.add('gradient', `expected a loss with a gradient for one of its inputs at least, found none ${loss.where}`, 'compute it from its inputs by ops that have gradients', 'loss');
  }
}
