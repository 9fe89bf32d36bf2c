import { existsSync } from 'node:fs';
import { appendFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StillroomError } from '../../plugins/sdk/index.ts';
import { asWriteError, isLeftover, removeLeftovers, writeFileAtomically } from '../atomic-file.ts';
import { lockFolder } from './folder-lock.ts';
import type { Manifest } from './manifest.ts';

/** What tells one run from another; the rest of a manifest is for people. */
const earlierSchema = z.looseObject({
  identity: z.string(),
  started: z.string(),
  resumed: z.array(z.string()),
  seed: z.number(),
  graph: z.looseObject({ name: z.string() }),
});
export type EarlierRun = Pick<Manifest, 'identity' | 'started' | 'resumed' | 'seed'> & { graph: { name: string } };

/** There while a process is at work in the folder. */
const lockName = '.run.lock';

/** The files of a run. Everything is written whole or not at all, but for the event log, which grows line by line. */
export class RunFolder {
  readonly path: string;
  #unlock: () => Promise<void> = async () => {};

  constructor(path: string) {
    this.path = path;
  }

  file(...parts: string[]): string {
    return join(this.path, ...parts);
  }

  checkpointStem(category: string, fit: string): string {
    return this.categoryFile(category, 'checkpoints', fileName(fit));
  }

  categoryFile(category: string, ...parts: string[]): string {
    return this.file(fileName(category), ...parts);
  }

  /**
   * Takes the folder for a run: a new or empty one, or one with an earlier part of this very run, which is returned.
   * What killed processes left half-written is removed. Throws `run-folder-taken`, `run-folder-corrupt`,
   * `run-folder-busy`; the folder is then as it was.
   */
  async claim(identity: string): Promise<EarlierRun | null> {
    const before = await this.#readManifest();
    if (before && before.identity !== identity) {
      throw this.#taken(
        `a run of "${before.graph.name}", seed ${before.seed}, with another seed, graph, data, weights, settings or version of Stillroom`,
      );
    }
    if (!before) {
      const others = (await this.#entries()).filter((name) => !isLeftover(name) && name !== lockName);
      if (others.length > 0) throw this.#taken(`${others.length === 1 ? 'a file that is' : 'files that are'} no run: ${others[0]}`);
    }
    await this.#write(() => mkdir(this.path, { recursive: true }));
    this.#unlock = await lockFolder(this.path, this.file(lockName));
    await removeLeftovers(this.path);
    return before;
  }

  /** Lets other processes have the folder. */
  async release(): Promise<void> {
    await this.#unlock();
  }

  async writeJson(name: string, value: unknown): Promise<void> {
    await this.writeText(name, `${JSON.stringify(value, null, 2)}\n`);
  }

  async writeText(name: string, text: string): Promise<void> {
    await writeFileAtomically(this.file(name), (handle) => handle.writeFile(text));
  }

  /** Adds a line of JSON to a log. */
  async append(name: string, value: unknown): Promise<void> {
    await this.#write(() => appendFile(this.file(name), `${JSON.stringify(value)}\n`), name);
  }

  async #write(work: () => Promise<unknown>, name = ''): Promise<void> {
    try {
      await work();
    } catch (cause) {
      throw asWriteError(cause, this.file(name));
    }
  }

  async #readManifest(): Promise<EarlierRun | null> {
    const file = this.file('manifest.json');
    if (!existsSync(file)) return null;
    try {
      return earlierSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    } catch (cause) {
      throw new StillroomError('run-folder-corrupt', 'expected the manifest of a run, found something else', {
        file,
        hint: 'choose another --out',
        cause,
      });
    }
  }

  async #entries(): Promise<string[]> {
    try {
      return await readdir(this.path);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw asWriteError(cause, this.path);
    }
  }

  #taken(found: string): StillroomError {
    const expected = 'expected an empty folder or an earlier part of this very run';
    return new StillroomError('run-folder-taken', `${expected}, found ${found}`, {
      file: this.path,
      hint: 'choose another --out',
    });
  }
}

/** A name that file systems take, a different one for each. */
function fileName(name: string): string {
  const escaped = name.replaceAll(/[^\p{L}\p{N}._ -]/gu, encodeURIComponent);
  return escaped.replace(/^\.*$/, (dots) => `%${dots}`);
}
