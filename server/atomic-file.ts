import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StillroomError } from '../plugins/sdk/problem.ts';

/**
 * Writes a file so that whoever looks finds the old one or the whole new one, whenever the process is killed:
 * into a temporary file beside it, to the disk, then renamed. On any failure the old file stays and nothing is left.
 */
export async function writeFileAtomically(
  file: string,
  write: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const folder = dirname(file);
  const temporary = join(folder, `.${basename(file)}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
  try {
    await mkdir(folder, { recursive: true });
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
    throw asWriteError(cause, file);
  }
}

const leftover = /^\..+\.(?<pid>\d+)-[0-9a-f]{8}\.tmp$/;

/** Whether a file of this name is a temporary one, of a write that goes on or of one that was killed. */
export function isLeftover(name: string): boolean {
  return leftover.test(name);
}

/** Removes from a folder and all below it what writes of killed processes have left. */
export async function removeLeftovers(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const pid = leftover.exec(entry.name)?.groups?.['pid'];
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(entry.parentPath, entry.name), { force: true });
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
  ENOSPC: 'free some space on that disk',
  EDQUOT: 'free some of your quota on that disk',
  EACCES: 'choose a folder that you may write to',
  EPERM: 'choose a folder that you may write to',
  EROFS: 'choose a folder that is not read-only',
  ENOTDIR: 'choose a path whose folders are folders',
  EEXIST: 'choose a path whose folders are folders',
  EISDIR: 'choose the name of a file',
};

/** What the system says of a failed write, as an error that a person can act on; other errors as they are. */
export function asWriteError(cause: unknown, file: string): unknown {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  if (!code || !(code in advice)) return cause;
  const hint = advice[code];
  return new StillroomError('cannot-write', `expected to write this file, found ${code}`, {
    file,
    ...(hint ? { hint } : {}),
    cause,
  });
}
