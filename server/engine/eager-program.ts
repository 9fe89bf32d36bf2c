import type { HostTensor, Tensor, Tensors } from '../../plugins/sdk/index.ts';
import { feedOf, functionOf, stateOf, toHost } from './program-checks.ts';
import { createKernels } from './kernels.ts';
import type { Engine } from './load.ts';
import { FunctionContext } from './program-context.ts';
import type { Program, ProgramFeed, ProgramSpec, Values } from './program.ts';

/** Runs a program op by op in tfjs: the reference that the native graph is held to. */
export function eagerProgram(engine: Engine, spec: ProgramSpec): Program {
  const { tf } = engine;
  const kernels = createKernels(engine);
  const tensorOf = ({ shape, data }: Values): Tensor => tf.keep(tf.tensor(data.slice(), [...shape], 'float32'));
  const values = new Map<string, Tensor>();
  for (const [name, value] of Object.entries({ ...spec.constants, ...spec.state })) values.set(name, tensorOf(value));

  /** Disposes what was there before. */
  const replace = (name: string, tensor: Tensor): void => {
    values.get(name)?.dispose();
    values.set(name, tensor);
  };

  /** New values of states, each worked out from old ones only. */
  const effects = (ctx: FunctionContext): Map<string, Tensor> => {
    const next = new Map<string, Tensor>();
    const keep = (name: string, tensor: Tensor): unknown => next.set(name, tf.keep(tf.clone(tensor)));
    for (const [name, tensor] of ctx.assignments) keep(name, tensor);
    for (const { state, rule, gradient, hyper } of ctx.moves) {
      const slots: Tensors = Object.fromEntries(rule.slots.map((slot) => [slot, values.get(`${state}/${slot}`)!]));
      const moved = rule.move(tf, { value: values.get(state)!, gradient, slots, hyper });
      keep(state, moved.value);
      for (const [slot, tensor] of Object.entries(moved.slots)) keep(`${state}/${slot}`, tensor);
    }
    return next;
  };

  return {
    mode: 'eager',
    call(name: string, feeds: Record<string, ProgramFeed>): Record<string, HostTensor> {
      const fn = functionOf(spec, name);
      const outputs: Record<string, HostTensor> = {};
      const ctx = new FunctionContext(tf, kernels, spec, values, { isAtOnce: true });
      try {
        tf.tidy(() => {
          const inputs: Tensors = {};
          for (const [input, { shape, dtype }] of Object.entries(fn.inputs)) {
            inputs[input] = tf.tensor(feedOf(spec, name, input, feeds).data.slice(), [...shape], dtype);
          }
          const given = fn.run(ctx, inputs);
          for (const [output, tensor] of Object.entries(given)) {
            outputs[output] = toHost(tensor.shape, tensor.dataSync());
          }
          for (const [state, tensor] of effects(ctx)) replace(state, tensor);
        });
      } finally {
        ctx.dispose();
      }
      return outputs;
    },
    read(names: readonly string[] = Object.keys(spec.state)): Record<string, Values> {
      return Object.fromEntries(
        names.map((name) => [name, { shape: stateOf(spec, name).shape, data: values.get(name)!.dataSync<'float32'>().slice() }]),
      );
    },
    write(given: Record<string, Values>): void {
      for (const [name, value] of Object.entries(given)) {
        stateOf(spec, name, value);
        replace(name, tensorOf(value));
      }
    },
    dispose(): void {
      for (const tensor of values.values()) tensor.dispose();
      values.clear();
    },
  };
}
