import { StillroomError } from '../../plugins/sdk/problem.ts';

const longestName = 255;
const longestPath = 1000;
const deepest = 16;
const forbidden = /[\\:*?"<>|\p{Cc}\p{Cs}]/u;

/**
 * Names of files that come from elsewhere, each from one folder on, with `/`. None leads out of it, none is there twice,
 * on no file system.
 */
export class RelativeNames {
  readonly #files = new Set<string>();
  /** As each folder was first written. */
  readonly #folders = new Map<string, string>();

  /** The name, once it is sure that a file may be written there. Throws `unsafe-name`, `name-twice`. */
  take(name: string): string {
    const wrong = whatIsWrong(name);
    if (wrong) throw new StillroomError('unsafe-name', `expected the relative path of a file, found ${wrong}: ${shown(name)}`, { hint: 'name files as category/train/good/001.png' });
    const path = name.normalize('NFC');
    const key = path.toLowerCase();
    const parents = [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index));
    const clash =
      this.#files.has(key) ||
      this.#folders.has(key) ||
      parents.some((folder) => this.#files.has(folder.toLowerCase()) || (this.#folders.get(folder.toLowerCase()) ?? folder) !== folder);
    if (clash) throw new StillroomError('name-twice', `expected each name once, small letters or capitals, found again: ${shown(name)}`, { hint: 'rename one of the two' });
    for (const folder of parents) this.#folders.set(folder.toLowerCase(), folder);
    this.#files.add(key);
    return path;
  }
}

function whatIsWrong(name: string): string | undefined {
  if (name === '' || name.length > longestPath) return name === '' ? 'none' : `one of ${name.length} characters`;
  if (name.startsWith('/') || /^[a-z]:/i.test(name)) return 'an absolute one';
  if (forbidden.test(name)) return 'characters that not every system allows';
  const parts = name.split('/');
  if (parts.length > deepest) return `${parts.length} levels of folders`;
  if (parts.some((part) => part === '..' || part === '.')) return 'one that leads elsewhere';
  if (parts.some((part) => part === '' || /[. ]$/.test(part) || Buffer.byteLength(part) > longestName)) return 'a part that not every system allows';
  return undefined;
}

function shown(name: string): string {
  return JSON.stringify(name.length > 120 ? `${name.slice(0, 120)}…` : name);
}
