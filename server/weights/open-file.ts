import { open, stat, type FileHandle } from 'node:fs/promises';
import { StillroomError } from '../../plugins/sdk/problem.ts';

/** Opens a file of weights to be read. Throws `file-not-found`, `file-unreadable`. */
export async function openWeightsFile(file: string): Promise<FileHandle> {
  try {
    // Asked first: opening a pipe waits for whoever writes to it.
    if ((await stat(file)).isFile()) return await open(file, 'r');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') {
      throw new StillroomError('file-not-found', 'expected a file of weights, found none', {
        file,
        hint: 'check the path',
        cause,
      });
    }
    throw unreadable(file, `found ${code}`, cause);
  }
  throw unreadable(file, 'found something else (a folder, a pipe?)');
}

function unreadable(file: string, found: string, cause?: unknown): StillroomError {
  return new StillroomError('file-unreadable', `expected a file of weights that can be read, ${found}`, {
    file,
    hint: 'name the file itself, and see that you may read it',
    cause,
  });
}
