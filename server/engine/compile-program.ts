import { eagerProgram } from './eager-program.ts';
import { nativeProgram } from './native-program.ts';
import type { Engine } from './load.ts';
import { checkSpec } from './program-checks.ts';
import type { Program, ProgramSpec } from './program.ts';

/**
 * Makes a program ready to be called.
 *
 * @param options.mode `native`: traced once, replayed as one TensorFlow graph. `eager`: op by op, the reference.
 * @param options.cache directory for emitted graphs, so that a later start needs no trace
 */
export function compileProgram(
  engine: Engine,
  spec: ProgramSpec,
  options: { mode: 'native' | 'eager'; cache?: string },
): Program {
  checkSpec(spec);
  return options.mode === 'eager' ? eagerProgram(engine, spec) : nativeProgram(engine, spec, options.cache);
}
