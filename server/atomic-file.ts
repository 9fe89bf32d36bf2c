import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, statfsSync } from 'node:fs';
import { open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { StillroomError } from '../plugins/sdk/problem.ts';

/** Temporary files of this process that are being written. */
const writing = new Set<string>();

/**
 * Writes a file so that whoever looks finds the old one or the whole new one, whenever the process is killed:
 * into a temporary file beside it, to the disk, then renamed. On any failure the old file stays and nothing is left.
 * `bytes` is how large it will be, where that is known: a full disk then says what it lacks.
 * Throws `disk-full`, `cannot-write`, and what `write` throws.
 */
export async function writeFileAtomically(
  file: string,
  write: (handle: FileHandle) => Promise<void>,
  bytes?: number,
): Promise<void> {
  const folder = dirname(file);
  const temporary = join(folder, `.${basename(file)}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
  writing.add(resolve(temporary));
  try {
    // At once: who has just seen that the folder above is there does not make it anew where it is moved meanwhile.
    mkdirSync(folder, { recursive: true });
    const handle = await open(temporary, 'wx');
    try {
      await write(handle);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    await syncFolder(folder);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw asWriteError(cause, file, bytes);
  } finally {
    writing.delete(resolve(temporary));
  }
}

const leftover = /^\..+\.(?<pid>\d+)-[0-9a-f]{8}\.tmp$/;

/** Whether a file of this name is a temporary one, of a write that goes on or of one that was killed. */
export function isLeftover(name: string): boolean {
  return leftover.test(name);
}

/**
 * Removes from a folder and, unless told not to, all below it what writes of killed processes have left; one of them may
 * have had the number that this process has now, as numbers in containers are few.
 */
export async function removeLeftovers(folder: string, { below = true } = {}): Promise<void> {
  const entries = await readdir(folder, { recursive: below, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const pid = Number(leftover.exec(entry.name)?.groups?.['pid'] ?? Number.NaN);
    const file = resolve(entry.parentPath, entry.name);
    const goesOn = pid === process.pid ? writing.has(file) : isAlive(pid);
    if (!Number.isNaN(pid) && !goesOn) await rm(file, { force: true });
  }
}

/** Whether a process of this machine is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A rename is on the disk when its folder is; file systems that cannot sync a folder do not need it. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

const advice: Record<string, string> = {
  EACCES: 'choose a folder that you may write to',
  EPERM: 'choose a folder that you may write to',
  EROFS: 'choose a folder that is not read-only',
  ENOENT: 'choose a folder that is there, or can be made',
  ENOTDIR: 'choose a path whose folders are folders',
  EEXIST: 'choose a path whose folders are folders',
  EISDIR: 'choose the name of a file',
  ELOOP: 'choose a path whose links end somewhere',
  ENAMETOOLONG: 'choose a shorter path',
  EFBIG: 'choose a disk, or raise the limit (ulimit -f), for larger files',
  EMFILE: 'raise the number of files that a process may open (ulimit -n)',
  ENFILE: 'close some programs: the system has as many files open as it can',
  EIO: 'see whether the disk is damaged, or was taken out',
  ESTALE: 'see whether the network disk is still there',
};

/**
 * What the system says of a failed write, as an error that a person can act on (`disk-full`, `cannot-write`); other
 * errors as they are. `bytes` is how much room was wanted, where that is known.
 */
export function asWriteError(cause: unknown, file: string, bytes?: number): unknown {
  const said = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const code = said === 'ENOENT' ? (whyNoFolder(dirname(file)) ?? said) : said;
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(cause, code, file, bytes);
  const hint = Object.hasOwn(advice, code) ? advice[code] : undefined;
  if (hint === undefined) return cause;
  return new StillroomError('cannot-write', `expected to write this file, found ${code}`, { file, hint, cause });
}

/** Node says that a folder is not there where it is one above that may not be written to. */
function whyNoFolder(folder: string): string | undefined {
  if (!existsSync(folder) && dirname(folder) !== folder) return whyNoFolder(dirname(folder));
  try {
    accessSync(folder, constants.W_OK);
    return undefined;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code;
  }
}

function diskFull(cause: unknown, code: 'ENOSPC' | 'EDQUOT', file: string, bytes: number | undefined): StillroomError {
  const wanted = bytes === undefined ? 'room for this file' : `${size(bytes)} of room for this file`;
  const whose = code === 'EDQUOT' ? 'your quota of the disk used up' : 'the disk full';
  const free = code === 'EDQUOT' ? undefined : freeOn(dirname(file));
  return new StillroomError('disk-full', `expected ${wanted}, found ${whose}${free === undefined ? '' : ` (${size(free)} free)`}`, {
    file,
    hint: 'free some space there and run the same again: what was written before is whole',
    cause,
  });
}

/** Bytes that this user may still write; undefined where the system does not say. */
function freeOn(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

function size(bytes: number): string {
  const [unit, of] = bytes >= 1e9 ? ['GB', 1e9] : bytes >= 1e6 ? ['MB', 1e6] : bytes >= 1e3 ? ['kB', 1e3] : ['bytes', 1];
  return `${Number((bytes / of).toPrecision(3))} ${unit}`;
}
