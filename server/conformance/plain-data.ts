/** Where a value is no plain data, which JSON would lose or change: `mean › 0 is NaN`. Undefined where it is all plain. */
export function whatIsNotPlain(value: unknown, path: readonly string[] = []): string | undefined {
  const at = path.length ? path.join(' › ') : 'it';
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined;
    case 'number':
      return Number.isFinite(value) ? undefined : `${at} is ${value}`;
    case 'object':
      return value === null ? undefined : whatOfItIsNotPlain(value, path, at);
    default:
      return `${at} is ${typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`}`;
  }
}

function whatOfItIsNotPlain(value: object, path: readonly string[], at: string): string | undefined {
  if (Array.isArray(value)) return first(value.map((item, i) => () => whatIsNotPlain(item, [...path, String(i)])));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return `${at} is a ${value.constructor?.name ?? 'class'}`;
  // A field that is undefined is one that is not there.
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return first(fields.map(([name, field]) => () => whatIsNotPlain(field, [...path, name])));
}

function first(checks: readonly (() => string | undefined)[]): string | undefined {
  for (const check of checks) {
    const found = check();
    if (found !== undefined) return found;
  }
  return undefined;
}
