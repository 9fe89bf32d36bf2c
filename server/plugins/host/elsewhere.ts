import type { Pack } from '../../../plugins/sdk/index.ts';

/** What of a pack is code for processes that have tensors or files: the server knows it by what it says of itself. */
const kinds = ['layouts', 'weightReaders', 'optimisers', 'schedules'] as const;

export type Elsewhere = Pick<Pack, (typeof kinds)[number]>;

/** What each says of itself, as plain data, and the names of its functions. */
export type ElsewhereFacts = Record<(typeof kinds)[number], { said: Record<string, unknown>; functions: string[] }[]>;

export function describeElsewhere(pack: Elsewhere): ElsewhereFacts {
  const facts = kinds.map((kind) => [kind, (pack[kind] ?? []).map((one: object) => describe(one))]);
  return Object.fromEntries(facts) as ElsewhereFacts;
}

function describe(one: object): { said: Record<string, unknown>; functions: string[] } {
  const isCode = ([, value]: [string, unknown]): boolean => typeof value === 'function';
  const parts = Object.entries(one);
  return {
    said: JSON.parse(JSON.stringify(Object.fromEntries(parts.filter((part) => !isCode(part))))) as Record<string, unknown>,
    functions: parts.filter(isCode).map(([name]) => name),
  };
}

/** The same with functions that refuse: who calls one is in the wrong process. */
export function proxyElsewhere(facts: ElsewhereFacts): Elsewhere {
  const proxies = kinds.map((kind) => [
    kind,
    facts[kind].map(({ said, functions }) => ({ ...said, ...Object.fromEntries(functions.map((name) => [name, () => refuse(name, String(said['name']))])) })),
  ]);
  return Object.fromEntries(proxies) as Elsewhere;
}

function refuse(call: string, name: string): never {
  throw new Error(`${call} of "${name}" is of a process that has its code`);
}
