import type { HostTensor } from '../../plugins/sdk/index.ts';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import type { ProgramFeed, ProgramFunction, ProgramSpec, Values } from './program.ts';

/** What is asked of a program and given to it, checked the same way in both modes. */
export function functionOf(spec: ProgramSpec, name: string): ProgramFunction {
  const fn = spec.functions[name];
  if (fn) return fn;
  const known = Object.keys(spec.functions).join(', ');
  throw new StillroomError('unknown-function', `"${spec.name}": expected one of ${known}, found "${name}"`);
}

/** The feed of one input of a function, of the shape and type that it declares. */
export function feedOf(spec: ProgramSpec, name: string, input: string, feeds: Record<string, ProgramFeed>): ProgramFeed {
  const { shape, dtype } = functionOf(spec, name).inputs[input]!;
  const feed = feeds[input];
  const expected = `"${spec.name}" ${name}: expected ${dtype} [${shape.join()}] for "${input}"`;
  if (!feed) throw new StillroomError('wrong-feed', `${expected}, found nothing`);
  const found = feed.data instanceof Float32Array ? 'float32' : 'int32';
  if (found !== dtype || feed.shape.join() !== shape.join() || feed.data.length !== sizeOf(shape)) {
    throw new StillroomError('wrong-feed', `${expected}, found ${found} [${feed.shape.join()}] of ${feed.data.length} numbers`);
  }
  return feed;
}

/** The declaration of a state; where a value for it is given, one of its shape. */
export function stateOf(spec: ProgramSpec, name: string, given?: Values): Values {
  const state = spec.state[name];
  if (!state) throw new StillroomError('unknown-value', `expected a state of "${spec.name}", found "${name}"`);
  if (given && (given.shape.join() !== state.shape.join() || given.data.length !== sizeOf(state.shape))) {
    throw new StillroomError(
      'wrong-shape',
      `expected [${state.shape.join()}] for "${name}", found [${given.shape.join()}] of ${given.data.length} numbers`,
    );
  }
  return state;
}

/** Refuses a spec whose values do not fill their shapes, or whose names stand for two things. */
export function checkSpec(spec: ProgramSpec): void {
  for (const [name, { shape, data }] of [...Object.entries(spec.constants), ...Object.entries(spec.state)]) {
    if (data.length !== sizeOf(shape)) {
      throw new StillroomError('wrong-shape', `expected [${shape.join()}] for "${name}", found ${data.length} numbers`);
    }
  }
  for (const name of Object.keys(spec.constants)) {
    if (spec.state[name]) throw new StillroomError('name-taken', `expected "${name}" to be a constant or a state, found both`);
  }
}

export function toHost(shape: readonly number[], data: ArrayLike<number>): HostTensor {
  return { shape: [...shape], data: data instanceof Float32Array ? data : Float32Array.from(data) };
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
