import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface KeptLimits {
  /** Files in all folders together. */
  files: number;
  bytes: number;
}

interface Taken {
  id: string;
  used: number;
  files: number;
  bytes: number;
}

/** Folders of what can be had again, by ids that nobody guesses. Those longest unchanged are removed beyond the limits. */
export class KeptFolders {
  readonly #parent: string;
  readonly #limits: KeptLimits;
  /** Being filled: these stay. */
  readonly #open = new Set<string>();

  constructor(parent: string, limits: KeptLimits) {
    this.#parent = parent;
    this.#limits = limits;
  }

  async begin(): Promise<{ id: string; folder: string }> {
    const id = randomUUID();
    this.#open.add(id);
    await mkdir(this.folder(id), { recursive: true });
    return { id, folder: this.folder(id) };
  }

  /** The folder is full; others may have to go for it. */
  async keep(id: string): Promise<void> {
    this.#open.delete(id);
    const ids = (await readdir(this.#parent)).filter((one) => !this.#open.has(one));
    const found = await Promise.all(ids.map((one) => this.#taken(one)));
    let [files, bytes] = [0, 0];
    for (const one of found.sort((a, b) => b.used - a.used)) {
      files += one.files;
      bytes += one.bytes;
      const isTooMuch = files > this.#limits.files || bytes > this.#limits.bytes;
      if (isTooMuch && one.id !== id) await rm(this.folder(one.id), { recursive: true, force: true });
    }
  }

  async abandon(id: string): Promise<void> {
    this.#open.delete(id);
    await rm(this.folder(id), { recursive: true, force: true });
  }

  /** Where the folder of an id is, or was. */
  folder(id: string): string {
    return join(this.#parent, id);
  }

  async #taken(id: string): Promise<Taken> {
    const names = await readdir(this.folder(id)).catch(() => []);
    const sizes = await Promise.all(names.map((name) => stat(join(this.folder(id), name)).then(({ size }) => size, () => 0)));
    const used = await stat(this.folder(id)).then(({ mtimeMs }) => mtimeMs, () => 0);
    return { id, used, files: names.length, bytes: sizes.reduce((a, b) => a + b, 0) };
  }
}
