import type { Weight, WeightSpec } from '../../plugins/sdk/index.ts';
import type { ProgramContext } from './program.ts';

/** A node's weights as its `build` gets them: what a program keeps under their names, or under what `nameOf` makes of those. */
export function weightsIn(ctx: ProgramContext, specs: readonly WeightSpec[], nameOf = (name: string): string => name): Record<string, Weight> {
  const weight = (spec: WeightSpec): Weight => {
    const name = nameOf(spec.name);
    return { spec, read: () => ctx.read(name), assign: (value) => ctx.assign(name, value) };
  };
  return Object.fromEntries(specs.map((spec) => [spec.name, weight(spec)]));
}
