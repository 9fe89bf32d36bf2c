import { stat } from 'node:fs/promises';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import type { WeightReader } from '../../plugins/sdk/weight-reader.ts';
import { asCorrupt } from './as-corrupt.ts';
import { isNpy } from './npy.ts';
import { isNpz, parseNpz, readNpyFolder, refuseNpy } from './numpy.ts';
import { openWeightsFile } from './open-file.ts';
import { readByReader, readerOf } from './read-by-reader.ts';
import { readSafetensors } from './safetensors.ts';
import type { StateDict } from './state-dict.ts';
import { readTorchLegacy } from './torch-legacy.ts';
import { parseTorchZip } from './torch-zip.ts';
import { withZip } from './zip-file.ts';

/**
 * The state dict of a file, its format told by its first bytes: safetensors, PyTorch's present or older one, NumPy's
 * `.npz`; of a folder of `.npy` files; or of what one of the `readers` of plugins recognises. Throws what reading throws,
 * `weights-unknown-format`, `weights-reader-failed`, `file-not-found`, `file-unreadable`.
 */
export async function readState(file: string, readers: readonly WeightReader[] = []): Promise<StateDict> {
  if (await isFolder(file)) return readNpyFolder(file);
  const handle = await openWeightsFile(file);
  const start = new Uint8Array(64);
  let bytesRead;
  try {
    ({ bytesRead } = await handle.read(start, 0, start.length, 0));
  } finally {
    await handle.close();
  }
  if (isNpy(start)) return refuseNpy(file);
  if (startsWith(start, [0x50, 0x4b])) return readZip(file);
  // A pickle of protocol 2 to 5; its first value is PyTorch's magic number, or it is told what is missing.
  if (start[0] === 0x80 && start[1]! >= 2 && start[1]! <= 5 && start[8] !== 0x7b) return readTorchLegacy(file);
  if (start[8] === 0x7b) return readSafetensors(file);
  const reader = readerOf(readers, start.subarray(0, bytesRead), file);
  if (reader) return readByReader(reader, file);
  throw new StillroomError('weights-unknown-format', `expected a file of safetensors, PyTorch${readers.length ? `, NumPy or ${readers.map(({ title }) => title).join(', ')}` : ' or NumPy'}, found something else`, {
    file,
    hint: `name a ${['.safetensors', '.pth', '.pt', ...readers.flatMap(({ extensions }) => extensions)].join(', ')} or .npz file, or a folder of .npy files`,
  });
}

async function readZip(file: string): Promise<StateDict> {
  return asCorrupt(file, () => withZip(file, (zip) => (isNpz(zip.names) ? parseNpz(zip) : parseTorchZip(zip))));
}

async function isFolder(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.isDirectory() ?? false;
}

function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, i) => bytes[i] === byte);
}
