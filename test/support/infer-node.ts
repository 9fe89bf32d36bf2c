import type { AnyNodeDefinition, Cost, Problem, Signal } from '../../plugins/sdk/index.ts';

export interface Inferred {
  outputs: Record<string, Signal>;
  problems: (Omit<Problem, 'severity'> & { severity?: string })[];
  cost: Cost;
}

/** A node's defaults, with some parameters set. */
export function paramsOf(definition: AnyNodeDefinition, set: Record<string, unknown> = {}): never {
  const defaults = Object.entries(definition.params as Record<string, { default: unknown }>);
  return { ...Object.fromEntries(defaults.map(([name, param]) => [name, param.default])), ...set } as never;
}

/** Infers one node with its defaults and some parameters set. */
export function inferNode(
  definition: AnyNodeDefinition,
  inputs: Record<string, Signal>,
  set: Record<string, unknown> = {},
): Inferred {
  const cost: Cost = { parameters: 0, multiplyAdds: 0, activationBytes: 0 };
  const problems: Inferred['problems'] = [];
  const outputs = definition.infer(inputs, paramsOf(definition, set), {
    problem: (problem) => problems.push(problem),
    cost(part) {
      for (const [name, value] of Object.entries(part)) cost[name as keyof Cost] += value;
    },
  });
  return { outputs, problems, cost };
}
