import { StillroomError } from '../../plugins/sdk/problem.ts';
import { openWeightsFile } from './open-file.ts';
import { readSafetensors } from './safetensors.ts';
import type { StateDict } from './state-dict.ts';
import { readTorchLegacy } from './torch-legacy.ts';
import { readTorchZip } from './torch-zip.ts';

/** The state dict of a file, its format told by its first bytes: safetensors, or PyTorch's present or older one. */
export async function readState(file: string): Promise<StateDict> {
  const handle = await openWeightsFile(file);
  const start = new Uint8Array(10);
  try {
    await handle.read(start, 0, start.length, 0);
  } finally {
    await handle.close();
  }
  if (start[8] === 0x7b) return readSafetensors(file);
  if (startsWith(start, [0x50, 0x4b, 3, 4])) return readTorchZip(file);
  // A pickle that begins with the ten-byte integer which is PyTorch's magic number.
  if (startsWith(start, [0x80, 2, 0x8a, 10])) return readTorchLegacy(file);
  throw new StillroomError('weights-unknown-format', 'expected a safetensors or PyTorch file, found something else', {
    file,
    hint: 'name a .safetensors, .pth or .pt file',
  });
}

function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, i) => bytes[i] === byte);
}
