import { describe, expect, it } from 'vitest';
import { parseJson, type JsonError } from '../../../server/graph/json.ts';

function failure(text: string, limits?: Parameters<typeof parseJson>[1]): string {
  try {
    parseJson(text, limits);
  } catch (error) {
    const { code, line, column, message } = error as JsonError;
    return `${line}:${column} ${code}: ${message}`;
  }
  throw new Error(`expected ${text} to be refused`);
}

describe('parseJson', () => {
  it.each([
    '{"a": [1, -2.5e3, "x\\n\\u00e9\\"", true, false, null, {}, []], "b": {"c": ""}}',
    '  7 ',
    '"\\ud83d\\ude00 plain ünïcode"',
    '[0, 0.5, 1E+2, 1e-7, 123456789012]',
  ])('reads %s as JSON.parse does', (text) => {
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  it('passes over a byte order mark', () => {
    expect(parseJson('\uFEFF[1]')).toEqual([1]);
  });

  it.each([
    ['', '1:1 json-syntax: expected a value, found the end of the file'],
    ['{"a": 1,}', '1:9 json-syntax: expected a key in double quotes, found "}"'],
    ['[1,\n  2 3]', '2:5 json-syntax: expected "," or "]", found "3"'],
    ['{"a" 1}', '1:6 json-syntax: expected ":" after "a", found "1"'],
    ["{'a': 1}", `1:2 json-syntax: expected a key in double quotes, found "'"`],
    ['[01]', '1:3 json-syntax: expected "," or "]", found "1"'],
    ['[NaN]', '1:2 json-syntax: expected a value, found "N"'],
    ['[1e999]', '1:2 json-syntax: expected a number that a double can hold, found 1e999'],
    ['[1] // done', '1:5 json-syntax: expected the end of the file, found "/"'],
    ['"a\nb"', '1:3 json-syntax: expected no line break or control character inside a string'],
    ['["ab', '1:2 json-syntax: expected a closing double quote, found the end of the file'],
    ['"\\x"', '1:1 json-syntax: expected a valid escape sequence, found "\\x"'],
    ['{"nodes": {"a": 1,\n "a": 2}}', '2:2 json-duplicate-key: expected each key once, found "a" again'],
    ['{"__proto__": {}}', '1:2 reserved-name: expected a name of your own, found "__proto__"'],
    ['{"a": {"constructor": 1}}', '1:8 reserved-name: expected a name of your own, found "constructor"'],
    ['{"\\u005f_proto__": 1}', '1:2 reserved-name: expected a name of your own, found "__proto__"'],
  ])('refuses %j, saying where', (text, expected) => {
    expect(failure(text)).toBe(expected);
  });

  it('bounds depth and size', () => {
    const deep = (n: number): string => '['.repeat(n) + ']'.repeat(n);
    expect(() => parseJson(deep(64))).not.toThrow();
    expect(failure(deep(65))).toMatch(/^1:65 json-too-deep: expected at most 64 levels/);
    expect(failure('['.repeat(1_000_000))).toMatch(/json-too-deep/);
    expect(failure('[1, 2, 3]', { characters: 5, depth: 64 })).toBe('1:1 json-too-large: expected at most 5 characters, found 9');
  });

  it('reads a string of ten million characters', () => {
    expect(parseJson(JSON.stringify('x'.repeat(1e7)))).toHaveLength(1e7);
  });
});
