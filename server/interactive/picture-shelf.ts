import { randomBytes } from 'node:crypto';
import { ByteLru } from './byte-lru.ts';
import type { Picture } from './rendering.ts';

/** Pictures of the last previews; whoever wants one fetches it soon. */
const budget = 64 * 2 ** 20;

export class PictureShelf {
  readonly #pictures = new ByteLru<Picture>(budget, ({ bytes }) => bytes.byteLength);

  /** Gives the name that it can be had by, which nobody guesses. */
  put(picture: Picture): string {
    const id = randomBytes(18).toString('base64url');
    this.#pictures.set(id, picture);
    return id;
  }

  get(id: string): Picture | undefined {
    return this.#pictures.get(id);
  }
}
