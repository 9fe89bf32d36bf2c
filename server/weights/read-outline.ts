import { stat } from 'node:fs/promises';
import { openWeightsFile } from './open-file.ts';
import { readSafetensorsOutline } from './safetensors.ts';
import type { StateDict } from './state-dict.ts';

/** Outlines of files by what tells that they are the same: graphs are checked with every edit, against the same few files. */
const known = new Map<string, StateDict | undefined>();
const mostKnown = 64;

/**
 * What a file says it holds: names and shapes, no numbers. Undefined where only reading the whole file would tell, as in
 * formats other than safetensors. Throws what reading a header throws.
 */
export async function readOutline(file: string): Promise<StateDict | undefined> {
  const found = await stat(file);
  if (found.isDirectory()) return undefined;
  const mark = JSON.stringify([file, found.size, found.mtimeMs, found.ino]);
  if (known.has(mark)) return known.get(mark);
  const outline = await outlineOf(file);
  known.set(mark, outline);
  if (known.size > mostKnown) known.delete(known.keys().next().value!);
  return outline;
}

async function outlineOf(file: string): Promise<StateDict | undefined> {
  const handle = await openWeightsFile(file);
  const start = new Uint8Array(9);
  try {
    await handle.read(start, 0, start.length, 0);
  } finally {
    await handle.close();
  }
  // A pickle may have that byte there too, and begins with its protocol.
  return start[8] === 0x7b && start[0] !== 0x80 ? readSafetensorsOutline(file) : undefined;
}
