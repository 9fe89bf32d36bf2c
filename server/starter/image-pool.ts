import { createRandom, type Random } from '../../plugins/sdk/index.ts';
import { drawImage } from './generated-image.ts';
import { Textures } from './texture.ts';

/**
 * Batches of generated images. Drawing one costs about as much as training on it, so a pool is kept, a few of its
 * images are drawn anew for each batch, and what is taken from it is mirrored and turned by chance.
 */
export class ImagePool {
  readonly #random: Random;
  readonly #textures: Textures;
  readonly #images: Float32Array[];
  readonly #side: number;
  readonly #fresh: number;
  #oldest = 0;

  constructor({ side, size, fresh, seed }: { side: number; size: number; fresh: number; seed: number }) {
    this.#random = createRandom('generated images', seed);
    this.#textures = new Textures(this.#random);
    this.#side = side;
    this.#fresh = fresh;
    this.#images = Array.from({ length: size }, () => this.#draw(new Float32Array(side * side * 3)));
  }

  /** RGB 0–1, `[count, side, side, 3]`. */
  batch(count: number): Float32Array {
    for (let i = 0; i < this.#fresh; i++) {
      this.#draw(this.#images[this.#oldest]!);
      this.#oldest = (this.#oldest + 1) % this.#images.length;
    }
    const size = this.#side * this.#side * 3;
    const batch = new Float32Array(count * size);
    for (let i = 0; i < count; i++) {
      const image = this.#images[this.#random.integer(this.#images.length)]!;
      copyTurned(image, batch.subarray(i * size, (i + 1) * size), this.#side, this.#random.integer(8));
    }
    return batch;
  }

  #draw(into: Float32Array): Float32Array {
    drawImage(into, this.#side, this.#random, this.#textures);
    return into;
  }
}

/** One of the eight symmetries of a square: bits for mirror left–right, mirror up–down, transpose. */
function copyTurned(from: Float32Array, to: Float32Array, side: number, symmetry: number): void {
  for (let y = 0, o = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const u = symmetry & 1 ? side - 1 - x : x;
      const v = symmetry & 2 ? side - 1 - y : y;
      const i = (symmetry & 4 ? u * side + v : v * side + u) * 3;
      to[o++] = from[i]!;
      to[o++] = from[i + 1]!;
      to[o++] = from[i + 2]!;
    }
  }
}
