import type { z } from 'zod';
import { StillroomError } from '../../plugins/sdk/index.ts';

/** What is wrong with a value that was sent, of each field: what was expected and what was found. `part` begins their names, such as `query`. */
export function badRequest({ issues }: z.ZodError, value: unknown, part?: string): StillroomError {
  const problems = issues.map((issue) => ({
    code: 'bad-request',
    severity: 'error' as const,
    field: [...(part === undefined ? [] : [part]), ...issue.path].join(' › '),
    message: `expected ${expectation(issue)}, found ${foundBy(issue, value)}`,
  }));
  const [{ message, field }] = problems as [(typeof problems)[0]];
  return new StillroomError('bad-request', message, { field, problems });
}

/** Zod's own words in ours. */
const words: readonly [RegExp, string][] = [
  [/^int\b/, 'a whole number'],
  [/^(number|string)\b/, 'a $1'],
  [/^array\b/, 'a list'],
  [/^(object|record)\b/, 'an object'],
  [/^boolean\b/, 'true or false'],
  [/ to (be|have) >=/, ' of at least '],
  [/ to (be|have) <=/, ' of at most '],
  [/ to be >/, ' above '],
  [/ to be </, ' below '],
];

function expectation({ code, message }: z.core.$ZodIssue): string {
  if (code === 'unrecognized_keys') return 'no field of another name';
  const said = /expected (.+?)(?:, received .+)?$/i.exec(message)?.[1] ?? message.replace(/^Invalid /, 'a valid ');
  return words.reduce((text, [theirs, ours]) => text.replace(theirs, ours), said);
}

/** As it came: a text that is no number is told as that text. */
function foundBy(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => shown(key)).join(', ');
  return shown(issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | null | undefined)?.[key], value));
}

const longest = 80;

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return 'an object';
  const text = JSON.stringify(value);
  return text.length <= longest ? text : Array.isArray(value) ? `a list of ${value.length}` : `${text.slice(0, longest)}…`;
}
