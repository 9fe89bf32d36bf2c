import { readFileSync } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { StillroomError } from '../../plugins/sdk/index.ts';
import { asWriteError } from '../atomic-file.ts';
import { markOf, mayBeAlive, type ProcessMark } from './process-mark.ts';

const holderSchema = z.object({
  pid: z.int(),
  host: z.string(),
  boot: z.string().optional(),
  began: z.string().optional(),
  space: z.string().optional(),
}) satisfies z.ZodType<ProcessMark>;

/** Locks that this very process holds. */
const held = new Set<string>();

/** Says that another process holds a folder. */
export type Busy = (holder: ProcessMark, folder: string, file: string) => StillroomError;

export interface FolderLock {
  /** Throws `run-folder-gone`, `run-folder-busy` where the folder is no longer this process's. */
  check(): void;
  /** Gives the folder back. */
  release(): Promise<void>;
}

/**
 * Takes a folder for this process by a file that names it. A file whose process is gone is taken over at once, so that
 * a killed run goes on without waiting. Throws what `busy` makes of the holder, `cannot-write`, `disk-full`.
 */
export async function lockFolder(folder: string, file: string, busy: Busy = runFolderBusy): Promise<FolderLock> {
  const path = resolve(file);
  const text = JSON.stringify(markOf(process.pid));
  while (!(await create(file, text))) {
    refuseIfHeld(await read(file), folder, file, busy);
    // One process alone takes over: two that both found the same dead holder must not remove each other's file.
    const turn = await lockFolder(folder, `${file}.taken-over`, busy);
    try {
      refuseIfHeld(await read(file), folder, file, busy);
      await rm(file, { force: true });
    } finally {
      await turn.release();
    }
  }
  held.add(path);
  // Of a process that was killed at it; while the lock is held nobody has a use for it.
  await rm(`${file}.taken-over`, { force: true }).catch(async (cause: unknown) => {
    held.delete(path);
    await rm(file, { force: true }).catch(() => undefined);
    throw asWriteError(cause, file);
  });
  return {
    check: () => refuseIfLost(folder, file, text, busy),
    async release() {
      held.delete(path);
      if (textOf(file) === text) await rm(file, { force: true });
    },
  };
}

/** Whether a process is at work in a folder; of those of this machine one that is gone is not. */
export async function isFolderHeld(file: string): Promise<boolean> {
  const holder = await read(file);
  return holder !== undefined && isHeldBy(holder, file);
}

/** False where the file is there already. */
async function create(file: string, text: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    try {
      await handle.writeFile(text);
    } catch (cause) {
      await rm(file, { force: true });
      throw cause;
    } finally {
      await handle.close();
    }
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw asWriteError(cause, file);
  }
}

/** Undefined where the file is gone, or was cut off while it was written; one that is being written is waited for. */
async function read(file: string): Promise<ProcessMark | undefined> {
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      return holderSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      await new Promise((wait) => setTimeout(wait, 20));
    }
  }
  return undefined;
}

function refuseIfHeld(holder: ProcessMark | undefined, folder: string, file: string, busy: Busy): void {
  if (holder && isHeldBy(holder, file)) throw busy(holder, folder, file);
}

function isHeldBy(holder: ProcessMark, file: string): boolean {
  return isThisProcess(holder) ? held.has(resolve(file)) : mayBeAlive(holder);
}

/** Where nothing more is said, a file with this process's number is its own or that of an earlier process. */
function isThisProcess(holder: ProcessMark): boolean {
  const here = markOf(process.pid);
  const isTold = (['boot', 'began', 'space'] as const).filter((name) => holder[name] !== undefined && here[name] !== undefined);
  return holder.pid === here.pid && holder.host === here.host && isTold.every((name) => holder[name] === here[name]);
}

function refuseIfLost(folder: string, file: string, text: string, busy: Busy): void {
  const found = textOf(file);
  if (found === text) return;
  const holder = found === undefined ? undefined : holderOf(found);
  if (holder) throw busy(holder, folder, file);
  throw new StillroomError('run-folder-gone', 'expected the run folder where it was, found it deleted or moved', {
    file: folder,
    hint: 'put it back and run the same command again, which goes on from the last whole epoch; or begin anew with another --out',
  });
}

function runFolderBusy({ pid, host }: ProcessMark, folder: string, file: string): StillroomError {
  return new StillroomError('run-folder-busy', `expected no other process at work in the folder, found process ${pid} on ${host}`, {
    file: folder,
    hint: `choose another --out, or wait for it; if there is no such process, delete ${file}`,
  });
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function holderOf(text: string): ProcessMark | undefined {
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
