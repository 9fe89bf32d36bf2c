import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { StillroomError } from '../../plugins/sdk/problem.ts';

/**
 * The first bytes of a file, once it is sure that it is a file and may be read: a pipe would be waited for without end.
 * Errors: `unreadable-image`, `not-a-file`.
 */
export async function readStart(file: string, bytes: number): Promise<Uint8Array> {
  let handle: FileHandle | undefined;
  try {
    // A pipe that nobody writes to is opened at once, not waited for.
    handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stats = await handle.stat();
    if (!stats.isFile()) throw notAFile(file, stats.isDirectory() ? 'a folder' : stats.isFIFO() ? 'a pipe' : 'a device');
    if (stats.size === 0) throw unreadable(file, 'an empty file');
    const buffer = new Uint8Array(Math.min(bytes, stats.size));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return buffer.subarray(0, bytesRead);
  } catch (cause) {
    if (cause instanceof StillroomError) throw cause;
    throw unreadable(file, reasonOf(cause), cause);
  } finally {
    await handle?.close();
  }
}

export function notAFile(file: string, found: string): StillroomError {
  return new StillroomError('not-a-file', `expected an image, found ${found} of that name`, {
    file,
    hint: 'rename it, or move it out of the dataset',
  });
}

export function unreadable(file: string, reason: string, cause?: unknown): StillroomError {
  return new StillroomError('unreadable-image', `expected a whole PNG, JPEG, BMP, TIFF or WebP image, found ${reason}`, {
    file,
    hint: hintOf(cause) ?? 'open it in a viewer; fetch it again, or move it out of the dataset',
    cause,
  });
}

function reasonOf(cause: unknown): string {
  const code = codeOf(cause);
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'no permission to read it';
  if (code === 'ENXIO') return 'a socket';
  return code ?? String(cause);
}

function hintOf(cause: unknown): string | undefined {
  const code = codeOf(cause);
  return code === 'EACCES' || code === 'EPERM' ? 'check the permissions of the file' : undefined;
}

function codeOf(cause: unknown): string | undefined {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
}
