import { createRequire } from 'node:module';
import { types } from 'node:util';

/**
 * What Node 23 removed from `node:util` and tfjs-node 4.22 still calls, with the behaviour that Node's documentation
 * gave it. Nothing else in Stillroom may rely on these.
 */
const removed: Record<string, (value: unknown) => boolean> = {
  isArray: Array.isArray,
  isBoolean: (value) => typeof value === 'boolean',
  isBuffer: (value) => Buffer.isBuffer(value),
  isDate: types.isDate,
  isError: (value) => types.isNativeError(value) || value instanceof Error,
  isFunction: (value) => typeof value === 'function',
  isNull: (value) => value === null,
  isNullOrUndefined: (value) => value === null || value === undefined,
  isNumber: (value) => typeof value === 'number',
  isObject: (value) => value !== null && typeof value === 'object',
  isPrimitive: (value) => value === null || (typeof value !== 'object' && typeof value !== 'function'),
  isRegExp: types.isRegExp,
  isString: (value) => typeof value === 'string',
  isSymbol: (value) => typeof value === 'symbol',
  isUndefined: (value) => value === undefined,
};

/**
 * Gives `node:util` back what this Node lacks of it; functions that are there are replaced too, because calling them
 * prints a deprecation warning on Node 22.
 */
export function shimNode(util = createRequire(import.meta.url)('node:util') as Record<string, unknown>): void {
  for (const [name, test] of Object.entries(removed)) {
    Object.defineProperty(util, name, { value: test, configurable: true, enumerable: true, writable: true });
  }
}
