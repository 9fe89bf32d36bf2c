import { isDeepStrictEqual } from 'node:util';
import { describeSignal, type AnyNodeDefinition, type Cost, type Signals, type WeightSpec } from '../../plugins/sdk/index.ts';
import { describeValue } from '../graph/explain.ts';
import type { ParamSet } from './parameter-sets.ts';

/** Parameters and inputs that a node accepts, and what it says of them. */
export interface Case {
  params: ParamSet;
  inputs: Signals;
  outputs: Signals;
  weights: readonly WeightSpec[];
  cost: Cost;
}

/** `with window 4, on features 16×12×8 /4`: the parameters that are not the defaults, and the inputs. */
export function describeCase(definition: AnyNodeDefinition, { params, inputs }: Pick<Case, 'params' | 'inputs'>): string {
  const changed = Object.entries(params).filter(([name, value]) => !isDeepStrictEqual(value, definition.params[name]?.default));
  const given = Object.entries(inputs).map(([socket, signal]) => `${socket} ${describeSignal(signal)}`);
  return [
    changed.length ? `with ${changed.map(([name, value]) => `${name} ${describeValue(value)}`).join(', ')}` : 'with its defaults',
    ...(given.length ? [`on ${given.join(', ')}`] : []),
  ].join(', ');
}
