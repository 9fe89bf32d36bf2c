import { mkdir, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { isInside } from '../data/lie-within.ts';

/**
 * The folders that clients of the server may name files of: that of the home's own datasets, and those it was started
 * with. What is told of files elsewhere is nothing, not even whether they are there.
 */
export class Roots {
  readonly folders: readonly string[];

  private constructor(folders: readonly string[]) {
    this.folders = folders;
  }

  /** Makes `<home>/datasets` where need be. Throws `no-such-folder`, `not-a-folder` where one of `others` is none. */
  static async open(home: string, others: readonly string[]): Promise<Roots> {
    const own = join(home, 'datasets');
    await mkdir(own, { recursive: true });
    for (const folder of others) {
      const found = await stat(folder).catch(() => undefined);
      if (found?.isDirectory()) continue;
      throw new StillroomError(found ? 'not-a-folder' : 'no-such-folder', `expected a folder to register datasets of, found ${found ? 'a file' : 'nothing there'}`, {
        file: resolve(folder),
        hint: 'name another with --data-root',
      });
    }
    return new Roots([own, ...others].map((folder) => resolve(folder)));
  }

  /** Where datasets that come over the network are kept. */
  get own(): string {
    return this.folders[0]!;
  }

  /**
   * The real path of what a client names, links followed. Throws `outside-roots` where it is in no root, `no-such-path`
   * where it is nothing.
   */
  async resolve(path: string): Promise<string> {
    if (!isAbsolute(path) || path.includes('\0')) throw this.#outside(path);
    const roots = await this.real();
    const real = await realpath(path).catch(() => undefined);
    if (real !== undefined && roots.some((root) => isInside(real, root))) return real;
    if (real === undefined && (await this.#endsInside(resolve(path), roots))) {
      throw new StillroomError('no-such-path', 'expected a file or folder, found nothing there', { file: path, hint: 'check the path for a typing error' });
    }
    throw this.#outside(path);
  }

  /** Whether what is there of a path lies inside a root. */
  async #endsInside(path: string, roots: readonly string[]): Promise<boolean> {
    const real = await realpath(path).catch(() => undefined);
    if (real !== undefined) return roots.some((root) => isInside(real, root));
    return dirname(path) !== path && this.#endsInside(dirname(path), roots);
  }

  /** The real paths of the folders, anew each time: a disk may be mounted, or a link changed, meanwhile. */
  async real(): Promise<string[]> {
    const found = await Promise.all(this.folders.map((folder) => realpath(folder).catch(() => undefined)));
    return found.filter((folder) => folder !== undefined);
  }

  #outside(path: string): StillroomError {
    return new StillroomError('outside-roots', `expected an absolute path inside ${this.folders.join(' or ')}, found ${JSON.stringify(path)}`, {
      hint: 'move it there, or start the server with --data-root DIR',
    });
  }
}
