import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { asCorrupt } from './as-corrupt.ts';
import { parseNpy } from './npy.ts';
import { PickleError } from './pickle-reader.ts';
import { largestArray, type StateDict, type StateTensor } from './state-dict.ts';
import type { ZipReader } from './zip-file.ts';

const mostFiles = 10_000;

/** Whether a zip with files of these names is NumPy's. */
export const isNpz = (names: readonly string[]): boolean => names.some((name) => name.endsWith('.npy'));

/** The arrays of a `.npz`, named as they were saved; compressed ones too. Throws `PickleError`. */
export async function parseNpz(zip: ZipReader): Promise<StateDict> {
  const state: StateDict = new Map();
  for (const name of zip.names) {
    if (!name.endsWith('.npy')) throw new PickleError(`expected arrays of NumPy only, found "${name.slice(0, 100)}"`);
    const key = keyOf(name);
    if (state.has(key)) throw new PickleError(`expected one array "${key}", found two`);
    state.set(key, named(key, parseNpy(await zip.read(name))));
  }
  return state;
}

/**
 * The arrays of a folder of `.npy` files, named by their paths in it (`layer1/0.conv1.weight.npy` is
 * `layer1.0.conv1.weight`). Throws `weights-unknown-format` where there are none, and what reading throws.
 */
export async function readNpyFolder(folder: string): Promise<StateDict> {
  const state: StateDict = new Map();
  for (const path of await npyFilesOf(folder)) {
    const file = join(folder, path);
    const key = keyOf(path.split(sep).join('/'));
    state.set(key, await asCorrupt(file, () => readNpy(file)));
  }
  return state;
}

async function readNpy(file: string): Promise<StateTensor> {
  const { size } = await stat(file);
  if (size > largestArray) {
    throw new PickleError(`expected an array of at most ${largestArray} bytes, found ${size}`, { code: 'weights-too-large' });
  }
  return parseNpy(await readFile(file));
}

/** Paths of the `.npy` files of a folder and those below it, sorted. */
export async function npyFilesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.npy'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
  if (found.length > 0 && found.length <= mostFiles) return found;
  const message = found.length
    ? `expected at most ${mostFiles} .npy files in a folder, found ${found.length}`
    : 'expected a file of weights or a folder of .npy files, found a folder without any';
  throw new StillroomError('weights-unknown-format', message, { file: folder, hint: 'name the file itself, or a folder with one .npy file a tensor' });
}

/** Says of a single `.npy` that one tensor is no network. */
export async function refuseNpy(file: string): Promise<never> {
  const { size } = await stat(file);
  throw new StillroomError('weights-no-state-dict', `expected tensors with names, found one array of ${size} bytes without a name`, {
    file,
    hint: 'name the folder of all .npy files, or a .npz: `np.savez(FILE, **{name: array, …})`',
  });
}

function named(key: string, tensor: StateTensor): StateTensor {
  if (key) return tensor;
  throw new PickleError('expected an array with a name, found one without');
}

/** `a/b.npy` is `a.b`. */
function keyOf(path: string): string {
  return path.slice(0, -'.npy'.length).replaceAll('/', '.');
}
