import { z } from 'zod';

/**
 * Parameters are declared once. From the declaration follow validation with located messages, the TypeScript type,
 * the default, and what an editor needs to draw a control.
 */
export interface Param<T> {
  schema: z.ZodType<T>;
  default: T;
  control: Control;
  /** One sentence for the person who sets it. */
  help?: string;
  /** Parameters that change no result (a note, a preview size) are left out of the identity of a run. */
  cosmetic?: boolean;
  /** `<plugin>/<control>`: a control of the plugin's manifest, in the place of the usual one while it is there. */
  custom?: string;
}

export type Control =
  | { kind: 'number'; integer: boolean; min?: number; max?: number; step?: number; unit?: string }
  | { kind: 'numbers'; unit?: string; length?: number; min?: number; max?: number }
  | { kind: 'toggle' }
  | { kind: 'choice'; options: readonly Option[] }
  | { kind: 'stages'; options: readonly Option[] }
  | { kind: 'text'; multiline?: boolean }
  | { kind: 'colour' }
  | { kind: 'folder' }
  | { kind: 'weights'; architecture: string };

export interface Option {
  value: string;
  title: string;
}

export type Params = Record<string, Param<unknown>>;
export type ParamValues<P extends Params> = { [K in keyof P]: P[K] extends Param<infer T> ? T : never };

interface Common {
  help?: string;
  cosmetic?: boolean;
  custom?: string;
}
interface NumberOptions extends Common {
  default: number;
  min?: number;
  max?: number;
  step?: number;
  unit?: string;
}

const common = ({ help, cosmetic, custom }: Common): Common => ({
  ...(help === undefined ? {} : { help }),
  ...(cosmetic === undefined ? {} : { cosmetic }),
  ...(custom === undefined ? {} : { custom }),
});

function numeric(options: NumberOptions, integer: boolean): Param<number> {
  let schema = integer ? z.number().int() : z.number();
  if (options.min !== undefined) schema = schema.min(options.min);
  if (options.max !== undefined) schema = schema.max(options.max);
  const { min, max, step, unit } = options;
  const stepped =
    integer && step !== undefined && step > 1
      ? schema.refine((v) => (v - (min ?? 0)) % step === 0, {
          message: `expected ${min ?? 0} and steps of ${step} above it`,
        })
      : schema;
  return {
    schema: stepped,
    default: options.default,
    control: {
      kind: 'number',
      integer,
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
      ...(step === undefined ? {} : { step }),
      ...(unit === undefined ? {} : { unit }),
    },
    ...common(options),
  };
}

/** A whole number. */
export const integer = (options: NumberOptions): Param<number> => numeric(options, true);
/** A real number. */
export const number = (options: NumberOptions): Param<number> => numeric(options, false);

/** A list of numbers, of a fixed length where one is given. */
export function numbers(
  options: Common & { default: readonly number[]; length?: number; min?: number; max?: number; unit?: string },
): Param<readonly number[]> {
  let item = z.number();
  if (options.min !== undefined) item = item.min(options.min);
  if (options.max !== undefined) item = item.max(options.max);
  const list = z.array(item).readonly();
  return {
    schema: options.length === undefined ? list : list.refine((v) => v.length === options.length, { message: `expected ${options.length} numbers` }),
    default: options.default,
    control: {
      kind: 'numbers',
      ...(options.unit === undefined ? {} : { unit: options.unit }),
      ...(options.length === undefined ? {} : { length: options.length }),
      ...(options.min === undefined ? {} : { min: options.min }),
      ...(options.max === undefined ? {} : { max: options.max }),
    },
    ...common(options),
  };
}

export function toggle(options: Common & { default: boolean }): Param<boolean> {
  return { schema: z.boolean(), default: options.default, control: { kind: 'toggle' }, ...common(options) };
}

/** One of a few named values. */
export function choice<const T extends string>(
  options: Common & { default: NoInfer<T>; options: Record<T, string> },
): Param<T> {
  const values = Object.keys(options.options) as T[];
  return {
    schema: z.enum(values as [T, ...T[]]) as unknown as z.ZodType<T>,
    default: options.default,
    control: { kind: 'choice', options: values.map((value) => ({ value, title: options.options[value] })) },
    ...common(options),
  };
}

/** Some of the stages of a backbone, at least one, each once, kept in the backbone's order. */
export function stages<const T extends string>(
  options: Common & { default: readonly NoInfer<T>[]; options: Record<T, string> },
): Param<readonly T[]> {
  const values = Object.keys(options.options) as T[];
  return {
    schema: z
      .array(z.enum(values as [T, ...T[]]))
      .min(1)
      .refine((v) => new Set(v).size === v.length, { message: 'expected each stage once' })
      .transform((v) => values.filter((stage) => (v as readonly string[]).includes(stage)))
      .readonly() as unknown as z.ZodType<readonly T[]>,
    default: options.default,
    control: { kind: 'stages', options: values.map((value) => ({ value, title: options.options[value] })) },
    ...common(options),
  };
}

export function text(options: Common & { default: string; multiline?: boolean }): Param<string> {
  return {
    schema: z.string(),
    default: options.default,
    control: { kind: 'text', ...(options.multiline ? { multiline: true } : {}) },
    ...common(options),
  };
}

/** `#rrggbb`, in lower case. */
export function colour(options: Common & { default: string }): Param<string> {
  return { schema: z.string().regex(/^#[\da-f]{6}$/, 'expected a colour as #rrggbb'), default: options.default, control: { kind: 'colour' }, ...common(options) };
}

/** A folder on the machine that runs the graph; empty where the run names it. */
export function folder(options: Common & { default: string }): Param<string> {
  return { schema: z.string(), default: options.default, control: { kind: 'folder' }, ...common(options) };
}

/** Name of registered weights, or a file of them, for an architecture. */
export function pretrainedWeights(options: Common & { default: string; architecture: string }): Param<string> {
  return {
    schema: z.string(),
    default: options.default,
    control: { kind: 'weights', architecture: options.architecture },
    ...common(options),
  };
}
