import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import lockfile from 'proper-lockfile';
import { StillroomError } from '../../plugins/sdk/problem.ts';

/** A lock whose holder has not touched it for this long is of a process that was killed. */
export const defaultStaleMs = 10_000;

export interface HeldLock {
  /** Throws if the lock was lost (the process slept, and another took over). Call it before anything lasting. */
  check(): void;
  readonly lost: boolean;
}

/**
 * Runs `work` while no other process holds the same directory; a second process waits, saying so once.
 * Locks of killed processes are broken after `staleMs`.
 */
export async function withLock<T>(
  directory: string,
  { onWait, staleMs = defaultStaleMs }: { onWait: () => void; staleMs?: number | undefined },
  work: (lock: HeldLock) => Promise<T>,
): Promise<T> {
  await mkdir(directory, { recursive: true });
  let lost: Error | undefined;
  const options = {
    lockfilePath: join(directory, 'lock'),
    realpath: false,
    stale: staleMs,
    update: 2000,
    onCompromised: (error: Error) => (lost = error),
  };
  let release: (() => Promise<void>) | undefined;
  let waited = false;
  while (!release) {
    try {
      release = await lockfile.lock(directory, options);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
      if (!waited) onWait();
      waited = true;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }
  const check = () => {
    if (!lost) return;
    throw new StillroomError('engine-lock-lost', 'expected to provision the engine alone, found another process at it', {
      file: directory,
      hint: 'run the same again',
      cause: lost,
    });
  };
  try {
    return await work({
      check,
      get lost() {
        return lost !== undefined;
      },
    });
  } finally {
    if (!lost) await release();
  }
}
