import { open, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { z } from 'zod';
import { StillroomError } from '../../plugins/sdk/index.ts';
import { asWriteError, isAlive } from '../atomic-file.ts';

const holderSchema = z.object({ pid: z.int(), host: z.string() });

/**
 * Takes a folder for this process by a file that names it; what is returned gives it back. A file whose process is gone
 * is taken over at once, so that a killed run goes on without waiting. Throws `run-folder-busy`, `cannot-write`.
 */
export async function lockFolder(folder: string, file: string): Promise<() => Promise<void>> {
  if (!(await create(file))) {
    const holder = await read(file);
    if (holder && isHeld(holder)) {
      throw new StillroomError('run-folder-busy', `expected no other process at work in the folder, found process ${holder.pid} on ${holder.host}`, {
        file: folder,
        hint: `choose another --out, or wait for it; if there is no such process, delete ${file}`,
      });
    }
    await rm(file, { force: true });
    if (!(await create(file))) return lockFolder(folder, file);
  }
  return () => rm(file, { force: true });
}

/** False where the file is there already. */
async function create(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(JSON.stringify({ pid: process.pid, host: hostname() }));
    await handle.close();
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw asWriteError(cause, file);
  }
}

/** Undefined where the file is gone, or was cut off while it was written. */
async function read(file: string): Promise<z.infer<typeof holderSchema> | undefined> {
  try {
    return holderSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** What another machine holds cannot be looked into; a file with this process's own number is of an earlier one. */
function isHeld({ pid, host }: z.infer<typeof holderSchema>): boolean {
  return host !== hostname() || (pid !== process.pid && isAlive(pid));
}
