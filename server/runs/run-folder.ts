import { existsSync } from 'node:fs';
import { appendFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { z } from 'zod';
import { StillroomError } from '../../plugins/sdk/index.ts';
import { asWriteError, isLeftover, removeLeftovers, writeFileAtomically } from '../atomic-file.ts';
import { lockFolder, type FolderLock } from './folder-lock.ts';
import type { Manifest } from './manifest.ts';

/** What tells one run from another; the rest of a manifest is for people. */
const earlierSchema = z.looseObject({
  identity: z.string(),
  started: z.string(),
  resumed: z.array(z.string()),
  seed: z.number(),
  graph: z.looseObject({ name: z.string() }),
  warnings: z.array(z.looseObject({ code: z.string(), severity: z.enum(['error', 'warning']), message: z.string() })).default([]),
});
export type EarlierRun = Pick<Manifest, 'identity' | 'started' | 'resumed' | 'seed' | 'warnings'> & { graph: { name: string } };

/** There while a process is at work in the folder. */
export const lockName = '.run.lock';

/** What a server keeps in the folder of a run that it was asked for: the order, and what happened. */
export const jobFile = 'job.json';
export const eventsFile = 'events.jsonl';
const isKeptBeside = (name: string): boolean => [jobFile, eventsFile, lockName].some((kept) => name.startsWith(kept));

/** What the files of a run itself are called like; no category's folder is. */
const ofARun = /^(.*)\.(jsonl?|html|csv|tfevents.*)$/is;

/** The files of a run. Everything is written whole or not at all, but for the event log, which grows line by line. */
export class RunFolder {
  readonly path: string;
  #lock: FolderLock | undefined;

  constructor(path: string) {
    this.path = path;
  }

  file(...parts: string[]): string {
    return join(this.path, ...parts);
  }

  /** A file below the folder by its path in it, with `/` on every system. */
  relative(file: string): string {
    return relative(this.path, file).split(sep).join('/');
  }

  checkpointStem(category: string, fit: string): string {
    return this.categoryFile(category, 'checkpoints', fileName(fit));
  }

  /** Where a file of a category is, or is to be written: throws as `mustBeOurs` does. */
  categoryFile(category: string, ...parts: string[]): string {
    this.mustBeOurs();
    return this.file(categoryName(category), ...parts);
  }

  /**
   * Takes the folder for a run: a new or empty one, or one with an earlier part of this very run, which is returned.
   * What killed processes left half-written is removed. Throws `run-folder-taken`, `run-folder-corrupt`,
   * `run-folder-busy`; the folder is then as it was.
   */
  async claim(identity: string): Promise<EarlierRun | null> {
    await this.#mustBeFree(identity);
    await this.#write(() => mkdir(this.path, { recursive: true }));
    this.#lock = await lockFolder(this.path, this.file(lockName));
    try {
      // Another process may have begun, and even ended, a run since.
      const before = await this.#mustBeFree(identity);
      await removeLeftovers(this.path);
      return before;
    } catch (error) {
      await this.release();
      throw error;
    }
  }

  /**
   * Throws `run-folder-gone`, `run-folder-busy` where the folder was moved, deleted or taken meanwhile: what is written
   * then would make half a run where the folder was, or spoil another's.
   */
  mustBeOurs(): void {
    this.#lock?.check();
  }

  /** Lets other processes have the folder. */
  async release(): Promise<void> {
    await this.#lock?.release();
    this.#lock = undefined;
  }

  async writeJson(name: string, value: unknown): Promise<void> {
    await this.writeText(name, `${JSON.stringify(value, null, 2)}\n`);
  }

  async writeText(name: string, text: string): Promise<void> {
    this.#mustBeOfARun(name);
    this.mustBeOurs();
    await writeFileAtomically(this.file(name), (handle) => handle.writeFile(text), Buffer.byteLength(text));
  }

  /** Adds a line of JSON to a log. */
  async append(name: string, value: unknown): Promise<void> {
    this.#mustBeOfARun(name);
    this.mustBeOurs();
    await this.#write(() => appendFile(this.file(name), `${JSON.stringify(value)}\n`), name);
  }

  /** What the folder holds of this very run. Throws where it holds anything else. */
  async #mustBeFree(identity: string): Promise<EarlierRun | null> {
    const before = await this.#readManifest();
    if (before && before.identity !== identity) {
      throw this.#taken(
        `a run of "${before.graph.name}", seed ${before.seed}, with another seed, graph, data, weights, settings or version of Stillroom`,
      );
    }
    if (before) return before;
    const others = (await this.#entries()).filter((name) => !isLeftover(name) && !isKeptBeside(name));
    if (others.length > 0) throw this.#taken(`${others.length === 1 ? 'a file that is' : 'files that are'} no run: ${others[0]}`);
    return null;
  }

  /** A category could have any other name. */
  #mustBeOfARun(name: string): void {
    if (!ofARun.test(name)) throw new RangeError(`"${name}" could be a category's folder`);
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

/**
 * A name that file systems take, a different one for each. None begins with a dot, as what is hidden is the run's own,
 * nor ends with a dot or a space, which some systems drop.
 */
function fileName(name: string): string {
  const escaped = name.replaceAll(/[^\p{L}\p{N}._ -]/gu, encodeURIComponent);
  return escaped.replace(/^$/, '%').replace(/^\./, '%2E').replace(/[. ]$/, (last) => (last === '.' ? '%2E' : '%20'));
}

/** The same for a category, which has a folder of its own beside the files of the run: `manifest.json` → `manifest%2Ejson`. */
function categoryName(name: string): string {
  return fileName(name).replace(ofARun, (_, stem: string, ending: string) => `${stem}%2E${ending}`);
}
