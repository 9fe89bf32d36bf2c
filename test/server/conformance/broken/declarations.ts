import { z } from 'zod';
import { choice, integer, type AnyNodeDefinition, type Param } from '../../../../plugins/sdk/index.ts';
import { broken, weight, wellBehaved } from './well-behaved.ts';

const { gain } = wellBehaved.params;
const withParams = (params: Record<string, Param<never>>): AnyNodeDefinition => ({ ...wellBehaved, params: { gain, ...params } });
const of = (param: unknown): Param<never> => param as Param<never>;

/** By what is wrong: the node, its rule, and what the finding says. */
export const brokenDeclarations: Record<string, [AnyNodeDefinition, string, RegExp]> = {
  'a default outside of its bounds': [
    withParams({ size: of(integer({ default: 9, min: 1, max: 8, help: 'Size.' })) }),
    'schema',
    /parameter "size": expected a default that its schema accepts, found 9/,
  ],
  'a control with bounds the wrong way round': [
    withParams({ size: of({ ...integer({ default: 4, help: 'Size.' }), control: { kind: 'number', integer: true, min: 8, max: 1 } }) }),
    'schema',
    /parameter "size": expected a control with min ≤ max, found 8 and 1/,
  ],
  'a control that offers what the schema refuses': [
    withParams({
      way: of({
        ...choice({ default: 'a', options: { a: 'A', b: 'B' }, help: 'Way.' }),
        control: { kind: 'choice', options: [{ value: 'a', title: 'A' }, { value: 'c', title: 'C' }] },
      }),
    }),
    'schema',
    /parameter "way": expected a schema that accepts what the control offers, found that it refuses "c"/,
  ],
  'a schema wider than its control': [
    withParams({ size: of({ schema: z.number(), default: 2, control: { kind: 'number', integer: false, min: 0 }, help: 'Size.' }) }),
    'schema',
    /parameter "size": expected a schema with the bounds of the control, found that it accepts -1/,
  ],
  'a type without a package': [broken({ type: 'scale' }), 'schema', /expected a type "<package>\/<node>"/],
  'a socket of a type that nobody has': [
    broken({
      outputs: { features: { type: 'feature' as 'features' } },
      infer: ({ features }) => ({ features: { ...features!, type: 'feature' as 'features' } }),
    }),
    'schema',
    /outputs › features: expected a known socket type or "<plugin>\/<type>", found "feature"/,
  ],
  'features that nothing builds': [{ ...wellBehaved, build: undefined, weights: undefined } as never, 'schema', /outputs › features: expected a `build` that gives the features, found none/],
  'no title': [broken({ title: ' ' }), 'docs', /expected a title, found none/],
  'no summary': [broken({ summary: '' }), 'docs', /expected a summary, found none/],
  'a method without its source': [broken({ category: 'scoring' }), 'docs', /expected the source of the method \(`cite`\), as the category is "scoring"/],
  'a parameter without help': [withParams({ size: of(integer({ default: 1, min: 1, max: 8 })) }), 'docs', /parameter "size": expected help/],
  'a parameter that JSON cannot hold': [
    withParams({ since: of({ schema: z.date(), default: new Date(0), control: { kind: 'text' }, help: 'Since when.' }) }),
    'serialisation',
    /parameter "since": expected a value that JSON can hold, found that since is a Date/,
  ],
  'a parameter that grows each time it is read': [
    withParams({ label: of({ schema: z.string().transform((text) => (text === 'a' ? text : `${text}!`)), default: 'a', control: { kind: 'text' }, help: 'Label.' }) }),
    'serialisation',
    /parameter "label": expected the value that was written as JSON, found another/,
  ],
  'settings that are no plain data': [
    broken({ pretrained: () => ({ architecture: 'acme', weights: Symbol('w') as never }), weights: () => [weight('scale', { role: 'frozen' })] }),
    'serialisation',
    /expected plain data of `pretrained`, found that pretrained › weights is a symbol/,
  ],
  'an older version that nothing migrates': [{ ...wellBehaved, migrate: undefined } as never, 'migration', /expected a migration from version 1 to 2, found none/],
  'a migration that throws': [
    broken({ migrate: { 1: ({ factor }) => ({ gain: (factor as string).length }) } }),
    'migration',
    /expected to bring "\{\}" of version 1 to 2, found that it fails: .*reading 'length'/,
  ],
  'a migration to parameters that are not there': [
    broken({ migrate: { 1: (before) => ({ ...before, factor: 2 }) } }),
    'migration',
    /expected valid parameters for "\{\}" of version 1, found of "factor": expected a parameter of "acme\/scale"/,
  ],
  'a migration to parameters out of bounds': [
    broken({ migrate: { 1: () => ({ gain: 99 }) } }),
    'migration',
    /found of "gain": expected at most 4, found 99/,
  ],
  'a migration that changes what it is given': [
    broken({ migrate: { 1: (before) => Object.assign(before, { gain: 1 }) } }),
    'migration',
    /expected a migration to leave what it is given alone/,
  ],
  'a migration of the version itself': [broken({ migrate: { 1: (before) => before, 2: (before) => before } }), 'migration', /expected migrations of versions before 2, found one of 2/],
};
