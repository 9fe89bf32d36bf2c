import { join } from 'node:path';
import type { Plan } from '../compiler/plan.ts';
import { compileProgram } from '../engine/compile-program.ts';
import type { Engine } from '../engine/load.ts';
import type { Registry } from '../graph/registry.ts';
import { cacheDirectory } from '../home.ts';
import { builtinPacks } from '../plugins/builtin.ts';
import type { Compile } from '../runtime/inference.ts';
import { sourceFingerprint } from './source-fingerprint.ts';

/**
 * Compiles programs. Graphs that another run can use are kept on disk, unless a node is of a pack whose code the
 * fingerprint does not cover: a change of that code would meet a graph that was emitted before it.
 */
export function compilerWithCache(engine: Engine, plan: Pick<Plan, 'nodes'>, registry: Registry, mode: 'native' | 'eager'): Compile {
  const isOurs = [...plan.nodes.values()].every(({ definition }) => builtinPacks.includes(registry.packOf(definition.type)!));
  const cache = join(cacheDirectory(), 'programs');
  return (spec, { eager, reusable }) =>
    compileProgram(
      engine,
      { ...spec, key: [...spec.key, sourceFingerprint()] },
      { mode: eager ? 'eager' : mode, ...(isOurs && reusable ? { cache } : {}) },
    );
}
