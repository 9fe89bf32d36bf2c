import { isDeepStrictEqual } from 'node:util';
import type { AnyNodeDefinition, Control, Param, Random } from '../../plugins/sdk/index.ts';
import { resolveParams } from '../graph/params.ts';

/** Parameters of a node, every one of them, as the server gives them to the definition. */
export type ParamSet = Record<string, unknown>;

export function paramsOf(definition: AnyNodeDefinition): [string, Param<unknown>][] {
  return Object.entries(definition.params as Record<string, Param<unknown>>);
}

/**
 * What a node is tried with: its defaults first; then one parameter at a time as its control offers it; then some
 * combinations, drawn. Only what the schemas accept.
 */
export function parameterSets(definition: AnyNodeDefinition, random: Random, combinations: number): ParamSet[] {
  const params = paramsOf(definition);
  const offered = new Map(params.map(([name, param]) => [name, valuesOf(param, random)]));
  const sets: ParamSet[] = [resolveParams(definition).values];
  const add = (given: ParamSet): void => {
    const { values, valid } = resolveParams(definition, given);
    if (valid && !sets.some((set) => isDeepStrictEqual(set, values))) sets.push(values);
  };
  for (const [name, values] of offered) for (const value of values) add({ [name]: value });
  if (params.length > 1) {
    for (let i = 0; i < combinations; i++) {
      const drawn = params.map(([name, param]) => {
        const values = [param.default, ...offered.get(name)!];
        return [name, values[random.integer(values.length)]];
      });
      add(Object.fromEntries(drawn));
    }
  }
  return sets;
}

/** What a control offers besides the default. */
function valuesOf({ control, default: standard }: Param<unknown>, random: Random): unknown[] {
  switch (control.kind) {
    case 'number':
      return numbersOf(control, Number(standard));
    case 'numbers':
      return listsOf(control, standard, random);
    case 'toggle':
      return [true, false];
    case 'choice':
      return control.options.map(({ value }) => value);
    case 'stages': {
      const values = control.options.map(({ value }) => value);
      return [...values.map((value) => [value]), values];
    }
    case 'text':
      return ['', 'a', 'Längerer Text, 2'];
    case 'colour':
      return ['#000000', '#ffffff'];
    case 'folder':
      return ['', '/images'];
    case 'weights':
      return [''];
  }
}

type NumberControl = Extract<Control, { kind: 'number' }>;

/** Both ends, the middle and a step from the default: each on the grid of steps, where there is one. */
export function numbersOf({ integer, min, max, step }: NumberControl, standard: number): number[] {
  const grid = integer ? Math.max(1, step ?? 1) : undefined;
  const origin = min ?? 0;
  const onGrid = (value: number): number => (grid === undefined ? value : origin + Math.floor((value - origin) / grid) * grid);
  const by = grid ?? step ?? 1;
  const middle = min !== undefined && max !== undefined ? (min + max) / 2 : standard * 2;
  return [min, max, middle, standard + by]
    .filter((value) => value !== undefined)
    .map(onGrid)
    .filter((value) => value >= (min ?? -Infinity) && value <= (max ?? Infinity));
}

type ListControl = Extract<Control, { kind: 'numbers' }>;

function listsOf({ length, min, max }: ListControl, standard: unknown, random: Random): number[][] {
  const low = min ?? (max === undefined ? -1 : max - 2);
  const high = Math.min(max ?? low + 2, low + 512);
  const draw = (): number => low + random.uniform() * (high - low);
  const list = (count: number, value: () => number): number[] => Array.from({ length: count }, value);
  const counts = length === undefined ? [0, 1, 2, 3] : [length];
  const drawn = counts.flatMap((count) => [list(count, draw), list(count, () => Math.floor(draw()))]);
  const ends = counts.flatMap((count) => [min, max].filter((end) => end !== undefined).map((end) => list(count, () => end)));
  const halves = Array.isArray(standard) ? [standard.map((value: number) => Math.max(low, Math.floor(value / 2)))] : [];
  return [...halves, ...drawn, ...ends];
}
