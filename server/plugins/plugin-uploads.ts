import { randomBytes } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StillroomError } from '../../plugins/sdk/index.ts';
import { asWriteError } from '../atomic-file.ts';
import { byteBudget } from '../byte-budget.ts';
import { pluginFolder } from './plugin-folder.ts';

const prefix = 'upload:';
const mostBytes = 2 ** 28;
/** So many are kept until they are added. */
const mostKept = 4;

/** Packed plugins that clients have sent, until they are added. */
export class PluginUploads {
  readonly #folder: string;
  readonly #kept: string[] = [];
  readonly #emptied: Promise<void>;

  constructor(home: string) {
    this.#folder = join(pluginFolder(home), 'uploads');
    // Of an earlier server nobody knows the names.
    this.#emptied = rm(this.#folder, { recursive: true, force: true });
  }

  static isUpload(from: string): boolean {
    return from.startsWith(prefix);
  }

  /** Keeps a packed package; gives what it is asked for by. Throws `upload-too-large`, `disk-full`, `cannot-write`. */
  async receive(content: Readable): Promise<string> {
    await this.#emptied;
    const id = randomBytes(16).toString('hex');
    const file = this.#file(id);
    const metered = byteBudget(mostBytes, () => new StillroomError('upload-too-large', `expected at most ${mostBytes} bytes, found more`, { hint: 'install it by `stillroom plugin add`' }));
    try {
      await mkdir(this.#folder, { recursive: true });
      await pipeline(content, metered(), createWriteStream(file, { flags: 'wx' }));
    } catch (cause) {
      await rm(file, { force: true });
      throw asWriteError(cause, file);
    }
    this.#kept.push(id);
    for (const old of this.#kept.splice(0, Math.max(0, this.#kept.length - mostKept))) await this.#forget(old);
    return prefix + id;
  }

  /** The file of what `receive` gave. Throws `no-upload`. */
  resolve(from: string): string {
    const id = from.slice(prefix.length);
    if (this.#kept.includes(id) && existsSync(this.#file(id))) return this.#file(id);
    throw new StillroomError('no-upload', 'expected a package that was sent, found none of this name any more', { hint: 'send it again' });
  }

  async discard(from: string): Promise<void> {
    const id = from.slice(prefix.length);
    if (!this.#kept.includes(id)) return;
    this.#kept.splice(this.#kept.indexOf(id), 1);
    await this.#forget(id);
  }

  #forget(id: string): Promise<void> {
    return rm(this.#file(id), { force: true });
  }

  #file(id: string): string {
    return join(this.#folder, `${id}.tgz`);
  }
}
