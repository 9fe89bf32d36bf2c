import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { StillroomError, type Exporter, type ExportTarget } from '../../plugins/sdk/index.ts';
import { asWriteError, writeFileAtomically } from '../atomic-file.ts';

export interface ExportedFile {
  /** In the export, with `/`. */
  path: string;
  bytes: number;
}

/** An export that is being written: beside where it goes, so that it is there whole or not at all. */
export class ExportFolder implements ExportTarget {
  readonly #exporter: Exporter;
  readonly #out: string;
  readonly #staging: string;
  /** Whether there is room for one file only. */
  readonly #isFile: boolean;
  readonly #replaces: boolean;
  readonly #files = new Map<string, number>();

  private constructor(exporter: Exporter, out: string, staging: string, isFile: boolean, replaces: boolean) {
    [this.#exporter, this.#out, this.#staging, this.#isFile, this.#replaces] = [exporter, out, staging, isFile, replaces];
  }

  /** `out` is one file where it ends as the exporter's files do, else a folder, which must be new or empty unless it is replaced. Throws `export-target-taken`, `cannot-write`. */
  static async open(exporter: Exporter, out: string, { replaces = false } = {}): Promise<ExportFolder> {
    const target = resolve(out);
    const found = await stat(target).catch(() => undefined);
    const isFile = !found?.isDirectory() && exporter.extensions.includes(extname(target));
    const isTaken = found?.isDirectory() ? (await readdir(target)).length > 0 : found !== undefined && !isFile;
    if (isTaken && !replaces) {
      throw new StillroomError('export-target-taken', `expected a new or empty folder, found ${found!.isDirectory() ? 'files in it' : 'a file'}`, { file: target, hint: 'name another --out' });
    }
    try {
      await mkdir(dirname(target), { recursive: true });
      return new ExportFolder(exporter, target, await mkdtemp(join(dirname(target), `.${basename(target)}-`)), isFile, replaces);
    } catch (cause) {
      throw asWriteError(cause, target);
    }
  }

  async write(path: string, content: string | Uint8Array | readonly Uint8Array[]): Promise<void> {
    const parts = String(path).split('/');
    const isInside = parts.every((part) => /^[^\\:\0]+$/.test(part) && part !== '.' && part !== '..');
    if (!isInside) throw this.#failed(`a path in the export, found ${JSON.stringify(path)}`);
    if (!this.#exporter.extensions.includes(extname(path))) throw this.#failed(`a file that ends with ${this.#exporter.extensions.join(' or ')}, found ${JSON.stringify(path)}`);
    if (this.#isFile && this.#files.size > 0 && !this.#files.has(path)) {
      throw this.#failed(`one file, found ${JSON.stringify(path)} too`, 'name a folder in --out');
    }
    const pieces = (typeof content === 'string' ? [Buffer.from(content)] : content instanceof Uint8Array ? [content] : [...content]).map((piece) => Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength));
    const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
    const file = join(this.#staging, ...parts);
    await mkdir(dirname(file), { recursive: true });
    await writeFileAtomically(file, async (handle) => {
      for (const piece of pieces) await handle.writeFile(piece);
    }, bytes);
    this.#files.set(path, bytes);
  }

  /** Puts what was written where it goes. Throws `export-failed` where nothing was. */
  async finish(): Promise<ExportedFile[]> {
    if (this.#files.size === 0) throw this.#failed('something to be written, found nothing');
    const [first] = this.#files.keys();
    try {
      if (this.#isFile) {
        await rename(join(this.#staging, ...first!.split('/')), this.#out);
        await this.discard();
      } else {
        if (this.#replaces) await rm(this.#out, { recursive: true, force: true });
        else if (existsSync(this.#out)) await rmdir(this.#out);
        await rename(this.#staging, this.#out);
      }
    } catch (cause) {
      throw asWriteError(cause, this.#out);
    }
    return [...this.#files].map(([path, bytes]) => ({ path: this.#isFile ? basename(this.#out) : path, bytes }));
  }

  async discard(): Promise<void> {
    await rm(this.#staging, { recursive: true, force: true });
  }

  #failed(what: string, hint = `this is a defect of "${this.#exporter.name}": report it to its authors`): StillroomError {
    return new StillroomError('export-failed', `exporter "${this.#exporter.name}": expected ${what}`, { hint });
  }
}
