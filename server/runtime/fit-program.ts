import type { Tensor, Tensors } from '../../plugins/sdk/index.ts';
import { refName, type FitPlan, type PlanNode } from '../compiler/plan.ts';
import { atNode } from '../engine/at-node.ts';
import type { Program, ProgramContext, ProgramFunction, ProgramSpec, Values } from '../engine/program.ts';
import { ruleOf } from '../engine/update-rules.ts';
import { runPart, weightName } from './assemble.ts';
import { partInputs, partKey, type Compile } from './inference.ts';
import { weightsOf, type WeightValues } from './weight-values.ts';

/** Names of the states that a fit moves: weights by gradient, and statistics that nodes keep while they are trained. */
export function fittedNames(fit: FitPlan): { trainable: string[]; all: string[] } {
  const trained = fit.step.nodes.filter(({ id }) => fit.trained.includes(id));
  const names = (roles: readonly string[]): string[] =>
    trained.flatMap(({ id, weights }) => weights.filter((w) => roles.includes(w.role)).map((w) => weightName(id, w.name)));
  return { trainable: names(['trainable']), all: names(['trainable', 'statistic']) };
}

/**
 * The program of a fit: `step` moves the weights by one batch; `validate:<n>` gives the mean loss of n images.
 * Frozen weights that the step itself needs are constants, everything fitted is state.
 */
export function compileFit(
  compile: Compile,
  fit: FitPlan,
  nodes: ReadonlyMap<string, PlanNode>,
  weights: WeightValues,
  batch: number,
  validationSizes: readonly number[],
): Program {
  const rule = atNode(fit.node, () => ruleOf(fit.optimiser, fit.settings.optimiser));
  const { trainable, all } = fittedNames(fit);
  const inStep = weightsOf(fit.step.nodes, weights);
  const constants = Object.fromEntries(Object.entries(inStep).filter(([name]) => !all.includes(name)));
  const state: Record<string, Values> = Object.fromEntries(all.map((name) => [name, inStep[name]!]));
  for (const name of trainable) {
    const { shape, data } = inStep[name]!;
    for (const slot of rule.slots) state[`${name}/${slot}`] = { shape, data: new Float32Array(data.length) };
  }

  const total = (ctx: ProgramContext, inputs: Tensors, training: boolean, seed: Tensor): Tensor => {
    const losses = Object.values(runPart(ctx, fit.step, inputs, { training, seed }));
    return losses.length === 1 ? losses[0]! : ctx.tf.addN(losses);
  };
  const validate = (size: number): ProgramFunction => ({
    inputs: partInputs(nodes, fit.step, size),
    run: (ctx, inputs) => ({ loss: total(ctx, inputs, false, ctx.tf.zeros([2], 'int32')) }),
  });
  const step: ProgramFunction = {
    inputs: {
      ...partInputs(nodes, fit.step, batch),
      ...Object.fromEntries(rule.hyper.map((name) => [name, { shape: [], dtype: 'float32' as const }])),
      seed: { shape: [2], dtype: 'int32' },
    },
    run: (ctx, inputs) => {
      const hyper = Object.fromEntries(rule.hyper.map((name) => [name, inputs[name]!]));
      const loss = (): Tensor => total(ctx, inputs, true, inputs['seed']!);
      // What fails on the way back is told of the fit: which node's gradient it was, nobody knows any more.
      return { loss: ctx.within(fit.node, () => ctx.minimise(loss, trainable, rule, hyper)) };
    },
  };
  const spec: ProgramSpec = {
    name: `fit ${fit.node}`,
    key: [...partKey(fit.step), JSON.stringify(fit.settings.optimiser), ...fit.step.inputs.map(refName)],
    constants,
    state,
    functions: {
      step,
      ...Object.fromEntries(validationSizes.map((size) => [`validate:${size}`, validate(size)])),
    },
  };
  // A gradient cannot pass a cut: a step with a node that looks at values runs op by op as a whole.
  return compile(spec, { eager: fit.step.nodes.some(({ definition }) => definition.eager), reusable: true });
}
