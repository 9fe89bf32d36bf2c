import type { AnyNodeDefinition, Pack, Signals } from '../../plugins/sdk/index.ts';
import { describeCase } from './case.ts';

/** A function of a node that is about to be called, and on what. */
export interface Call {
  node: string;
  call: string;
  /** `with window 4, on features 16×12×8 /4`; empty where there is nothing to tell. */
  on: string;
}

/** The same pack, whose nodes tell of each call of their code before it is made, and null when it has returned: one that hangs cannot say it any more. */
export function announced(pack: Pack, tell: (call: Call | null) => void): Pack {
  return { ...pack, nodes: pack.nodes.map((definition) => announcedNode(definition, tell)) };
}

function announcedNode(definition: AnyNodeDefinition, tell: (call: Call | null) => void): AnyNodeDefinition {
  const node = definition.type;
  const during = <T>(call: string, of: { params?: unknown; inputs?: Signals }, work: () => T): T => {
    tell({ node, call, on: wordsFor(definition, of) });
    try {
      return work();
    } finally {
      tell(null);
    }
  };
  const { infer, weights, build } = definition;
  return {
    ...definition,
    infer: (inputs, params, ctx) => during('infer', { params, inputs }, () => infer.call(definition, inputs, params, ctx)),
    ...(weights ? { weights: (inputs, params) => during('weights', { params, inputs }, () => weights.call(definition, inputs, params)) } : {}),
    ...(build
      ? {
          build(env, params) {
            const of = { params, inputs: env.inputs };
            const run = during('build', of, () => build.call(definition, env, params));
            return (tensors, mode) => during('what build gives', of, () => run(tensors, mode));
          },
        }
      : {}),
  };
}

function wordsFor(definition: AnyNodeDefinition, { params = {}, inputs = {} }: { params?: unknown; inputs?: Signals }): string {
  try {
    return describeCase(definition, { params: params as Record<string, unknown>, inputs });
  } catch {
    return '';
  }
}
