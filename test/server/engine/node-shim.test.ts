import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { shimNode } from '../../../server/engine/node-shim.ts';

type Test = (value: unknown) => boolean;

describe('shimNode', () => {
  const util: Record<string, Test> = {};
  shimNode(util);

  // What Node 20's documentation says of each of them.
  it.each<[string, unknown[], unknown[]]>([
    ['isArray', [[]], [{ length: 0 }]],
    ['isBoolean', [false], [0]],
    ['isBuffer', [Buffer.alloc(0)], [new Uint8Array()]],
    ['isDate', [new Date()], [Date.now()]],
    ['isError', [new TypeError(), runInContext('new Error()', createContext())], [{ name: 'Error', message: '' }]],
    ['isFunction', [() => 0, class {}], [{}]],
    ['isNull', [null], [undefined]],
    ['isNullOrUndefined', [null, undefined], [0, '']],
    ['isNumber', [NaN, 1], ['1']],
    ['isObject', [{}, []], [null, () => 0]],
    ['isPrimitive', [null, undefined, 1, '', Symbol()], [{}, () => 0]],
    ['isRegExp', [/a/], ['/a/']],
    ['isString', [''], [0]],
    ['isSymbol', [Symbol()], ['']],
    ['isUndefined', [undefined], [null]],
  ])('gives back util.%s', (name, are, areNot) => {
    expect(are.map(util[name]!)).toEqual(are.map(() => true));
    expect(areNot.map(util[name]!)).toEqual(areNot.map(() => false));
  });
});
