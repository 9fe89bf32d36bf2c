import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { codesOf, errorCodes } from '../support/error-codes.ts';

const root = new URL('../../', import.meta.url);

describe('docs/errors.md', () => {
  const listed = [...readFileSync(new URL('docs/errors.md', root), 'utf8').matchAll(/^\| `([a-z0-9-]+)` \| (.*) \|$/gm)];
  const used = errorCodes(root);

  it('lists every code that the sources use', () => {
    const known = new Set(listed.map(([, code]) => code));
    expect(used.filter(({ code }) => !known.has(code)).map(({ code, file, line }) => `${code} (${file}:${line})`)).toEqual([]);
  });

  it('lists none that they do not use', () => {
    const codes = new Set(used.map(({ code }) => code));
    expect(listed.map(([, code]) => code).filter((code) => !codes.has(code!))).toEqual([]);
  });

  it('lists each once, with a sentence', () => {
    expect(new Set(listed.map(([, code]) => code)).size).toBe(listed.length);
    for (const [, code, sentence] of listed) expect(sentence, code).toMatch(/^[A-Z].*\.$|please report it\.$/);
  });
});

describe('errorCodes', () => {
  it.each([
    ["throw new StillroomError('a-code', 'x');", ['a-code']],
    ["throw new StillroomError(bad ? 'one-code' : 'other-code', 'x');", ['one-code', 'other-code']],
    ["list.push({ code: 'a-code', message });", ['a-code']],
    ["function no(place: string, code: string) {}\nno('not-this', 'a-code');", ['a-code']],
    ["class A { #no(code = 'by-default') {}\n m() { this.#no('a-code'); } }", ['by-default', 'a-code']],
    ["class A extends StillroomError { constructor() { super('a-code', 'x'); } }", ['a-code']],
    ["class A extends Map { constructor() { super('not-this'); } }", []],
    ["const no = (code: string) => code;\nno('a-code');", ['a-code']],
    ["if (error.code === 'not-this' || code === 'ENOENT') use('nor-this');", []],
  ])('reads %s', (text, codes) => {
    expect(codesOf('x.ts', text).map(({ code }) => code)).toEqual(codes);
  });
});
