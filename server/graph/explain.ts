import type { z } from 'zod';
import { didYouMean } from './nearest.ts';

/** What a schema says of a value, in our words: what was expected, what was found. */
export interface Explained {
  path: readonly (string | number)[];
  message: string;
  hint?: string;
}

/** Zod's issues over the value they are about. */
export function explain(error: z.ZodError, value: unknown): Explained[] {
  return error.issues.map((issue) => {
    const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
    const found = issue.code === 'invalid_key' ? path.at(-1) : at(value, path);
    const hint =
      issue.code === 'invalid_value' && typeof found === 'string'
        ? didYouMean(found, issue.values.map(String), '')
        : '';
    return { path, message: sentence(issue, found), ...(hint ? { hint } : {}) };
  });
}

function sentence(issue: z.core.$ZodIssue, found: unknown): string {
  const message = `expected ${expectation(issue)}`;
  return message.includes('found') ? message : `${message}, found ${describeValue(found)}`;
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return KINDS[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return (issue.values.length > 1 ? 'one of ' : '') + issue.values.map((v) => JSON.stringify(v)).join(', ');
    case 'too_small':
      return `at least ${issue.minimum}${COUNTED[issue.origin] ?? ''}`;
    case 'too_big':
      return `at most ${issue.maximum}${COUNTED[issue.origin] ?? ''}`;
    case 'unrecognized_keys':
      return `no field of another name, found ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}`;
    case 'invalid_key':
      return issue.issues[0] ? own(issue.issues[0].message) : 'another key';
    default:
      return own(issue.message);
  }
}

const own = (message: string): string => message.replace(/^(expected|invalid input: expected) /i, '');

const KINDS: Record<string, string> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

const COUNTED: Record<string, string> = { array: ' items', string: ' characters' };

/** A value in a few words, for messages. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length <= 8 ? shorten(JSON.stringify(value)) : `a list of ${value.length} items`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return shorten(JSON.stringify(value) ?? String(value));
}

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);

function at(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (v, step) => (typeof v === 'object' && v !== null ? (v as Record<string, unknown>)[step] : undefined),
    value,
  );
}
