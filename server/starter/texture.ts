import type { Random } from '../../plugins/sdk/index.ts';
import { noiseTile, tileSide } from './noise-tile.ts';

/** A texture: its value, about 0–1, at a pixel. */
export type Texture = (x: number, y: number) => number;

/** Draws textures of many kinds; noise comes from a stock of tiles, looked up turned, scaled and shifted. */
export class Textures {
  readonly #tiles: Float32Array[];

  constructor(random: Random, tiles = 48) {
    this.#tiles = Array.from({ length: tiles }, () =>
      noiseTile(random, 2 ** (1 + random.integer(4)), 0.35 + 0.6 * random.uniform(), random.uniform() < 0.3 ? 4 : 1),
    );
  }

  draw(random: Random): Texture {
    const kinds = [this.#noise, this.#noise, this.#threshold, this.#wave, this.#waves, this.#lattice, this.#stripes];
    const kind = kinds[random.integer(kinds.length)]!;
    return kind.call(this, random);
  }

  #noise(random: Random): Texture {
    const tile = this.#tiles[random.integer(this.#tiles.length)]!;
    const scale = 2 ** (3 * random.uniform() - 1.5);
    const angle = 2 * Math.PI * random.uniform();
    const [c, s] = [scale * Math.cos(angle), scale * Math.sin(angle)];
    const [ox, oy] = [random.integer(tileSide), random.integer(tileSide)];
    const wrap = tileSide - 1;
    return (x, y) => tile[(((c * x - s * y + oy) & wrap) * tileSide) + ((s * x + c * y + ox) & wrap)]!;
  }

  /** Two tones with a ragged border. */
  #threshold(random: Random): Texture {
    const noise = this.#noise(random);
    const [middle, sharpness] = [0.35 + 0.3 * random.uniform(), 4 + 20 * random.uniform()];
    return (x, y) => Math.min(1, Math.max(0, 0.5 + sharpness * (noise(x, y) - middle)));
  }

  #wave(random: Random): Texture {
    const [fx, fy, phase] = frequency(random);
    const warp = random.uniform() < 0.5 ? this.#noise(random) : undefined;
    const strength = 6 * random.uniform();
    return (x, y) => 0.5 + 0.5 * Math.sin(fx * x + fy * y + phase + (warp ? strength * warp(x, y) : 0));
  }

  /** Two directions at once: weaves and grids. */
  #waves(random: Random): Texture {
    const [first, second] = [this.#wave(random), this.#wave(random)];
    return random.uniform() < 0.5 ? (x, y) => first(x, y) * second(x, y) : (x, y) => Math.max(first(x, y), second(x, y));
  }

  /** Dots or bricks on a lattice. */
  #lattice(random: Random): Texture {
    const [w, h] = [4 + 24 * random.uniform(), 4 + 24 * random.uniform()];
    const shift = random.uniform() < 0.5 ? 0.5 : 0;
    const size = 0.15 + 0.3 * random.uniform();
    const round = random.uniform() < 0.5;
    const angle = Math.PI * random.uniform();
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    return (x, y) => {
      const row = (s * x + c * y) / h;
      const column = (c * x - s * y) / w + shift * (Math.floor(row) & 1);
      const [u, v] = [column - Math.floor(column) - 0.5, row - Math.floor(row) - 0.5];
      const distance = round ? Math.hypot(u, v) : Math.max(Math.abs(u), Math.abs(v));
      return Math.min(1, Math.max(0, 0.5 + 8 * (size - distance)));
    };
  }

  #stripes(random: Random): Texture {
    const wave = this.#wave(random);
    const edge = 0.3 + 0.4 * random.uniform();
    return (x, y) => (wave(x, y) > edge ? 1 : 0);
  }
}

function frequency(random: Random): [number, number, number] {
  // Periods from 3 to 60 px, evenly in their logarithm.
  const period = 3 * 20 ** random.uniform();
  const angle = Math.PI * random.uniform();
  const f = (2 * Math.PI) / period;
  return [f * Math.cos(angle), f * Math.sin(angle), 2 * Math.PI * random.uniform()];
}
