import { statfs } from 'node:fs/promises';
import { StillroomError } from '../../plugins/sdk/problem.ts';

/** Refuses to start what the disk has no room for. */
export async function needSpace(directory: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  const free = bavail * bsize;
  if (free < bytes) throw diskFull(directory, `expected ${gigabytes(bytes)} free for the engine, found ${gigabytes(free)}`);
}

/** The same error for a disk that filled up on the way; other errors as they are. */
export function asDiskFull(error: unknown, directory: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return diskFull(directory, 'expected room for the engine, found the disk full', error);
}

function diskFull(file: string, message: string, cause?: unknown): StillroomError {
  const hint = 'free some space, or set STILLROOM_CACHE to a directory on another disk, and run the same again';
  return new StillroomError('disk-full', message, { file, hint, ...(cause ? { cause } : {}) });
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
