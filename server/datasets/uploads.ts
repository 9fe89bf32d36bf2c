import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { dirname, join } from 'node:path';
import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { asWriteError } from '../atomic-file.ts';
import { byteBudget } from '../byte-budget.ts';
import { receiveForm } from './receive-form.ts';
import { RelativeNames } from './relative-names.ts';
import { tooLarge, unpackZip } from './unpack-zip.ts';
import { usualLimits, type UploadLimits } from './upload-limits.ts';

const temporary = '.upload-';
const zipTypes = /^application\/(zip|x-zip-compressed)\b/;

/** Receives datasets into folders of a folder. Whatever is refused, or breaks off, leaves nothing behind. */
export class Uploads {
  readonly #folder: string;
  readonly #limits: UploadLimits;

  private constructor(folder: string, limits: UploadLimits) {
    this.#folder = folder;
    this.#limits = limits;
  }

  /** Removes what a killed server has left of uploads. */
  static async open(folder: string, limits: Partial<UploadLimits> = {}): Promise<Uploads> {
    for (const name of (await readdir(folder)).filter((one) => one.startsWith(temporary))) await rm(join(folder, name), { recursive: true, force: true });
    return new Uploads(folder, { ...usualLimits, ...limits });
  }

  /**
   * The folder that holds what was sent: files of a form (parts named `files`, each with its relative path for a file
   * name) or an archive (a part named `archive`, or the whole body as `application/zip`). Errors: `dataset-name-invalid`,
   * `dataset-name-taken`, `upload-unsupported`, `upload-unreadable`, `upload-too-large`, `upload-empty`, those of
   * `unpackZip`, `disk-full`, `cannot-write`.
   */
  async receive(request: IncomingMessage, name: string): Promise<string> {
    const target = this.#target(name);
    const announced = Number(request.headers['content-length'] ?? 0);
    if (announced > this.#limits.bytes) throw tooLarge(`at most ${this.#limits.bytes} bytes`, String(announced));
    const work = await mkdtemp(join(this.#folder, temporary)).catch((cause: unknown) => {
      throw asWriteError(cause, target);
    });
    try {
      const received = join(work, 'files');
      await mkdir(received);
      if ((await this.#fill(request, received, join(work, 'archive.zip'))) === 0) {
        throw new StillroomError('upload-empty', 'expected files of a dataset, found none', { hint: 'send parts named "files", or one named "archive"' });
      }
      await rename(received, target);
      return target;
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code;
      throw code === 'ENOTEMPTY' || code === 'EEXIST' ? taken(name) : asWriteError(cause, target);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }

  /** How many files came. */
  async #fill(request: IncomingMessage, folder: string, archive: string): Promise<number> {
    const type = request.headers['content-type'] ?? '';
    const { bytes } = this.#limits;
    const metered = byteBudget(bytes, () => tooLarge(`at most ${bytes} bytes`, 'more'));
    if (zipTypes.test(type)) {
      await pipeline(request, metered(), createWriteStream(archive, { flags: 'wx' })).catch((cause: unknown) => {
        throw asCutOff(cause);
      });
      return unpackZip(archive, folder, this.#limits);
    }
    if (!/^multipart\/form-data\b/.test(type)) {
      throw new StillroomError('upload-unsupported', `expected multipart/form-data or application/zip, found ${JSON.stringify(type.slice(0, 100))}`);
    }
    const names = new RelativeNames();
    let [files, archives] = [0, 0];
    await receiveForm(request, this.#limits, async (field, name, content) => {
      if (field !== 'files' && field !== 'archive') throw new StillroomError('upload-unreadable', `expected parts named "files" or "archive", found ${JSON.stringify(field.slice(0, 60))}`);
      if (field === 'archive' ? files + archives++ > 0 : (files++, archives > 0)) throw new StillroomError('upload-unreadable', 'expected files or one archive, found both', { hint: 'send one of the two' });
      await this.#write(content, metered(), field === 'archive' ? archive : join(folder, names.take(name)));
    });
    return archives ? unpackZip(archive, folder, this.#limits) : files;
  }

  async #write(content: Readable, meter: Transform, file: string): Promise<void> {
    await mkdir(dirname(file), { recursive: true });
    await pipeline(content, meter, createWriteStream(file, { flags: 'wx' }));
  }

  #target(name: string): string {
    if (!/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,99}$/u.test(name) || /[. ]$/.test(name)) {
      throw new StillroomError('dataset-name-invalid', `expected a name of letters, digits, dots, dashes and spaces, found ${JSON.stringify(name.slice(0, 120))}`, {
        hint: 'choose a name such as bottles-2024',
      });
    }
    const target = join(this.#folder, name);
    if (existsSync(target)) throw taken(name);
    return target;
  }
}

function taken(name: string): StillroomError {
  return new StillroomError('dataset-name-taken', `expected a name of its own, found that there is a folder "${name}"`, { hint: 'choose another name' });
}

/** The connection ended, or the disk has something against it. */
function asCutOff(cause: unknown): unknown {
  const isOurs = cause instanceof StillroomError || (cause as NodeJS.ErrnoException).syscall !== undefined;
  return isOurs ? cause : new StillroomError('upload-unreadable', 'expected the whole upload, found that it was cut off', { cause });
}
