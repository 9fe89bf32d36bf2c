import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { Net, NetSettings } from './net.ts';
import type { Apply, BuildEnv, NodeDefinition, Signals, Tensors } from './node.ts';
import type { Params, ParamValues } from './params.ts';
import type { InferContext, Signal } from './signal.ts';
import { SymbolicNet, type Symbol3 } from './symbolic-net.ts';
import { TensorNet } from './tensor-net.ts';
import type { WeightSpec } from './weight.ts';

/** A network from spatial inputs to features, written once for shapes and for tensors. */
export interface Network<P extends Params> {
  settings(params: ParamValues<P>): NetSettings;
  forward<X>(net: Net<X>, inputs: Record<string, X>, params: ParamValues<P>): Record<string, X>;
}

/** The three parts of a node definition that follow from a network. Its outputs are `features`. */
export function fromNetwork<const P extends Params>(
  network: Network<P>,
): Pick<NodeDefinition<P>, 'infer'> & Required<Pick<NodeDefinition<P>, 'weights' | 'build'>> {
  const walk = (inputs: Signals, params: ParamValues<P>): { net: SymbolicNet; outputs: Record<string, Symbol3> } => {
    const net = new SymbolicNet(network.settings(params));
    const outputs = network.forward<Symbol3>(net, mapValues(inputs, toSymbol), params);
    return { net, outputs };
  };
  return {
    infer(inputs: Signals, params: ParamValues<P>, ctx: InferContext): Signals {
      const { net, outputs } = walk(inputs, params);
      ctx.cost(net.cost);
      const image = imageOf(inputs);
      return mapValues(outputs, ({ size, stride }): Signal => ({ type: 'features', shape: size, stride, ...(image ? { image } : {}) }));
    },
    weights(inputs: Signals, params: ParamValues<P>): readonly WeightSpec[] {
      return walk(inputs, params).net.weights;
    },
    build(env: BuildEnv, params: ParamValues<P>): Apply {
      return (inputs, mode): Tensors =>
        network.forward<Tensor4D>(
          new TensorNet(env, network.settings(params), mode),
          inputs as Record<string, Tensor4D>,
          params,
        );
    },
  };
}

function toSymbol(signal: Signal): Symbol3 {
  const [h = 1, w = 1, c = 1] = signal.shape;
  return { size: [h, w, c], stride: signal.stride ?? 1 };
}

function imageOf(inputs: Signals): readonly [number, number] | undefined {
  for (const signal of Object.values(inputs)) {
    if (signal.image) return signal.image;
    if (signal.type === 'images') return [signal.shape[0]!, signal.shape[1]!];
  }
  return undefined;
}

function mapValues<A, B>(record: Record<string, A>, f: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, f(value)]));
}
