/**
 * Repeatable chance: equal seed parts give equal draws on every machine and Node version.
 * sfc32 (Doty-Humphrey, PractRand), seeded with 128 bits hashed from the parts; period about 2^127.
 */
export interface Random {
  /** Uniform in [0, 1), in steps of 2⁻³². */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Uniform whole number in [0, n); `n` is a whole number from 1 to 2³². */
  integer(n: number): number;
  /** Shuffles in place, every order equally likely, and returns the same array. */
  shuffle<T>(items: T[]): T[];
}

/**
 * A stream of its own for each list of parts: `createRandom(seed, 'fit', nodeId, weightName)`.
 * `('a', 'bc')` and `('ab', 'c')` differ, as do `1` and `'1'`.
 */
export function createRandom(...seedParts: readonly (string | number)[]): Random {
  const next = sfc32(hash128(JSON.stringify(seedParts.map(finite))));
  const uniform = (): number => next() / 2 ** 32;
  let spare: number | undefined;
  const integer = (n: number): number => {
    if (!Number.isInteger(n) || n < 1 || n > 2 ** 32) {
      throw new RangeError(`expected a whole number from 1 to 2^32, found ${n}`);
    }
    // What lies above the last multiple of n would make the small numbers likelier.
    const limit = 2 ** 32 - (2 ** 32 % n);
    let draw = next();
    while (draw >= limit) draw = next();
    return draw % n;
  };
  return {
    uniform,
    integer,
    // Box–Muller in Marsaglia's polar form: without sine and cosine, whose last bits differ between versions of V8.
    normal() {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      let x: number, y: number, square: number;
      do {
        x = 2 * uniform() - 1;
        y = 2 * uniform() - 1;
        square = x * x + y * y;
      } while (square >= 1 || square === 0);
      const scale = Math.sqrt((-2 * Math.log(square)) / square);
      spare = y * scale;
      return x * scale;
    },
    // Fisher–Yates.
    shuffle(items) {
      for (let i = items.length - 1; i > 0; i--) {
        const j = integer(i + 1);
        [items[i], items[j]] = [items[j]!, items[i]!];
      }
      return items;
    },
  };
}

function finite(part: string | number): string | number {
  if (typeof part === 'number' && !Number.isFinite(part)) throw new RangeError(`a seed cannot be ${part}`);
  return part;
}

function sfc32(seed: readonly [number, number, number, number]): () => number {
  let [a, b, c, counter] = seed;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}

/** Spreads a text over 128 bits (bryc's cyrb128, public domain). Not for secrets. */
function hash128(text: string): [number, number, number, number] {
  let [h1, h2, h3, h4] = [1779033703, 3144134277, 1013904242, 2773480762];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    h1 = h2 ^ Math.imul(h1 ^ code, 597399067);
    h2 = h3 ^ Math.imul(h2 ^ code, 2869860233);
    h3 = h4 ^ Math.imul(h3 ^ code, 951274213);
    h4 = h1 ^ Math.imul(h4 ^ code, 2716044179);
  }
  h1 = Math.imul(h3 ^ (h1 >>> 18), 597399067);
  h2 = Math.imul(h4 ^ (h2 >>> 22), 2869860233);
  h3 = Math.imul(h1 ^ (h3 >>> 17), 951274213);
  h4 = Math.imul(h2 ^ (h4 >>> 19), 2716044179);
  h1 ^= h2 ^ h3 ^ h4;
  return [h1, h2 ^ h1, h3 ^ h1, h4 ^ h1];
}
