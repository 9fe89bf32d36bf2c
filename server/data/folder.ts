import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { foldersIn, isImageName, type Folder } from '../../plugins/sdk/layout.ts';
import { notAFile } from './image-start.ts';
import { byCodeUnits } from './order.ts';

/** Deeper than any layout looks. */
const deepest = 6;
/** The largest public sets have tens of thousands of files: more is a mistaken path, such as a home directory. */
const mostEntries = 500_000;

/**
 * Lists a folder and what is below it, following links. A folder below that may not be read is among its `faults`.
 * Errors: `no-such-folder`, `not-a-folder`, `cannot-read-folder`, `folder-too-large`.
 */
export async function listFolder(directory: string): Promise<Folder> {
  const root = resolve(directory);
  let entries = 0;

  async function list(absolute: string, name: string, path: string, above: readonly string[]): Promise<Folder> {
    const folder: Folder = { name, path, folders: [], files: [] };
    const real = await realpath(absolute);
    if (above.includes(real) || above.length > deepest) return folder;
    for (const entry of (await readdir(absolute, { withFileTypes: true })).sort((a, b) => byCodeUnits(a.name, b.name))) {
      if (entry.name.startsWith('.') || entry.name === '__MACOSX') continue;
      if (++entries > mostEntries) {
        throw new StillroomError('folder-too-large', `expected a dataset, found more than ${mostEntries} files`, {
          file: root,
          hint: 'name the folder that holds the images',
        });
      }
      const child = join(absolute, entry.name);
      const fault = (error: StillroomError): void => void (folder.faults ??= []).push({ ...error.problems[0]!, file: path + entry.name });
      const target = entry.isSymbolicLink() ? await stat(child).catch(() => undefined) : entry;
      if (target?.isDirectory()) {
        try {
          const below = await list(child, entry.name, path + entry.name + '/', [...above, real]);
          if (isImageName(entry.name) && !foldersIn(below).some(({ files }) => files.some(isImageName))) fault(notAFile(child, 'a folder'));
          folder.folders.push(below);
        } catch (cause) {
          const error = asFolderError(cause, child);
          if (!(error instanceof StillroomError) || error.code !== 'cannot-read-folder') throw error;
          fault(error);
        }
      } else if (target?.isFile()) folder.files.push(entry.name);
      else if (isImageName(entry.name)) fault(notAFile(child, kindOf(target)));
    }
    return folder;
  }

  try {
    if (!(await stat(root)).isDirectory()) {
      throw new StillroomError('not-a-folder', 'expected a folder of images, found a file', {
        file: root,
        hint: 'name the folder that the file lies in',
      });
    }
    return await list(root, basename(root), '', []);
  } catch (cause) {
    throw asFolderError(cause, root);
  }
}

function kindOf(target: { isFIFO(): boolean; isSocket(): boolean } | undefined): string {
  if (!target) return 'a link that leads nowhere';
  return target.isFIFO() ? 'a pipe' : target.isSocket() ? 'a socket' : 'a device';
}

function asFolderError(cause: unknown, root: string): unknown {
  if (!(cause instanceof Error) || !('code' in cause) || cause instanceof StillroomError) return cause;
  if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') {
    return new StillroomError('no-such-folder', 'expected a folder of images, found nothing there', {
      file: root,
      hint: 'check the path for a typing error',
      cause,
    });
  }
  return new StillroomError('cannot-read-folder', `expected a folder that can be read, found ${String(cause.code)}`, {
    file: root,
    hint: 'check its permissions, and those of the folders in it',
    cause,
  });
}
