/** Limits that keep a hostile or broken document from costing more than a refusal. */
export const JSON_LIMITS = { characters: 16 * 1024 * 1024, depth: 64 };

/** Names that every object inherits; as keys they would shadow or reach what belongs to the language. */
export const RESERVED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

export class JsonError extends Error {
  readonly code: string;
  readonly line: number;
  readonly column: number;

  constructor(code: string, message: string, line: number, column: number) {
    super(message);
    this.code = code;
    this.line = line;
    this.column = column;
  }
}

/**
 * Reads strict JSON as `JSON.parse` does, and further refuses what that lets pass: keys given twice (the first of two
 * nodes would be lost), keys that every object inherits (`__proto__`, `constructor`), nesting and size beyond a bound.
 * Errors say the line and the column, both from 1.
 */
export function parseJson(text: string, limits: typeof JSON_LIMITS = JSON_LIMITS): unknown {
  return new Reader(text, limits).document();
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\n\r]*/y;
const WORD = /[A-Za-z]+/y;
const LITERALS: Record<string, boolean | null> = { true: true, false: false, null: null };

class Reader {
  readonly #text: string;
  readonly #limits: typeof JSON_LIMITS;
  #at = 0;
  #depth = 0;

  constructor(text: string, limits: typeof JSON_LIMITS) {
    // A byte order mark is what some editors put before UTF-8.
    this.#text = text.replace(/^\uFEFF/, '');
    this.#limits = limits;
  }

  document(): unknown {
    const { characters } = this.#limits;
    if (this.#text.length > characters) {
      this.#fail(`expected at most ${characters} characters, found ${this.#text.length}`, 0, 'json-too-large');
    }
    const value = this.#value();
    this.#space();
    if (this.#at < this.#text.length) this.#fail(`expected the end of the file, found ${this.#found()}`);
    return value;
  }

  #value(): unknown {
    this.#space();
    const c = this.#text[this.#at];
    if (c === '{') return this.#nested(() => this.#object());
    if (c === '[') return this.#nested(() => this.#array());
    if (c === '"') return this.#string();
    const number = this.#take(NUMBER);
    if (number) return this.#number(number);
    const start = this.#at;
    const word = this.#take(WORD);
    if (Object.hasOwn(LITERALS, word)) return LITERALS[word];
    this.#at = start;
    return this.#fail(`expected a value, found ${this.#found()}`);
  }

  #nested<T>(read: () => T): T {
    this.#depth++;
    if (this.#depth > this.#limits.depth) {
      this.#fail(`expected at most ${this.#limits.depth} levels of nesting, found more`, this.#at, 'json-too-deep');
    }
    const value = read();
    this.#depth--;
    return value;
  }

  #object(): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    this.#at++;
    if (this.#ends('}')) return object;
    for (;;) {
      this.#space();
      const start = this.#at;
      if (this.#text[start] !== '"') this.#fail(`expected a key in double quotes, found ${this.#found()}`);
      const key = this.#string();
      if (RESERVED.has(key)) this.#fail(`expected a name of your own, found "${key}"`, start, 'reserved-name');
      if (Object.hasOwn(object, key)) this.#fail(`expected each key once, found "${key}" again`, start, 'json-duplicate-key');
      this.#space();
      if (this.#text[this.#at] !== ':') this.#fail(`expected ":" after "${key}", found ${this.#found()}`);
      this.#at++;
      object[key] = this.#value();
      if (this.#ends('}')) return object;
      this.#comma('}');
    }
  }

  #array(): unknown[] {
    const array: unknown[] = [];
    this.#at++;
    if (this.#ends(']')) return array;
    for (;;) {
      array.push(this.#value());
      if (this.#ends(']')) return array;
      this.#comma(']');
    }
  }

  #string(): string {
    const start = this.#at;
    for (let i = start + 1; i < this.#text.length; i++) {
      const c = this.#text[i];
      if (c === '\\') i++;
      else if (c === '"') {
        this.#at = i + 1;
        return this.#unescaped(start);
      } else if (c! < ' ') this.#fail('expected no line break or control character inside a string', i);
    }
    return this.#fail('expected a closing double quote, found the end of the file', start);
  }

  #unescaped(start: number): string {
    const token = this.#text.slice(start, this.#at);
    if (!token.includes('\\')) return token.slice(1, -1);
    try {
      return JSON.parse(token) as string;
    } catch {
      return this.#fail(`expected a valid escape sequence, found ${token.slice(0, 40)}`, start);
    }
  }

  #number(token: string): number {
    const value = Number(token);
    if (!Number.isFinite(value)) {
      this.#fail(`expected a number that a double can hold, found ${token}`, this.#at - token.length);
    }
    return value || 0; // no negative zero, which JSON writers do not keep
  }

  #comma(close: string): void {
    if (this.#text[this.#at] !== ',') this.#fail(`expected "," or "${close}", found ${this.#found()}`);
    this.#at++;
  }

  #ends(close: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== close) return false;
    this.#at++;
    return true;
  }

  #space(): void {
    this.#take(SPACE);
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const token = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += token.length;
    return token;
  }

  #found(): string {
    const c = this.#text.codePointAt(this.#at);
    return c === undefined ? 'the end of the file' : JSON.stringify(String.fromCodePoint(c));
  }

  #fail(message: string, at = this.#at, code = 'json-syntax'): never {
    const before = this.#text.slice(0, at).split('\n');
    throw new JsonError(code, message, before.length, before.at(-1)!.length + 1);
  }
}
