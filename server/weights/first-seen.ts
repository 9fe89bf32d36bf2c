import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { writeFileAtomically } from '../atomic-file.ts';
import { addedFolder } from './added.ts';

/** Of files whose publisher states no whole hash: the SHA-256 of the first that was seen, by the file's name. */
const schema = z.object({ version: z.literal(1), files: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)) });

const listFile = (): string => join(addedFolder(), 'first-seen.json');

/** SHA-256 of the first file of this name that was used. Throws `weights-registry-corrupt`. */
export async function firstSeen(name: string): Promise<string | undefined> {
  const files = await readList();
  return Object.hasOwn(files, name) ? files[name] : undefined;
}

/** Notes the SHA-256 of a file, from now on the only one that its name may have. Throws `cannot-write`. */
export async function noteFirstSeen(name: string, sha256: string): Promise<void> {
  const files = { ...(await readList()), [name]: sha256 };
  await writeFileAtomically(listFile(), (handle) => handle.writeFile(`${JSON.stringify({ version: 1, files }, null, 2)}\n`));
}

/** Where the notes are kept, for whoever must mend them. */
export const firstSeenFile = listFile;

async function readList(): Promise<Record<string, string>> {
  const file = listFile();
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw damaged(file, cause.code ?? cause.message, cause);
  });
  if (text === undefined) return {};
  try {
    return schema.parse(JSON.parse(text)).files;
  } catch (cause) {
    throw damaged(file, 'something else', cause);
  }
}

function damaged(file: string, found: string, cause: unknown): StillroomError {
  return new StillroomError('weights-registry-corrupt', `expected the hashes of weights seen so far, found ${found}`, {
    file,
    hint: 'mend or remove that file; without it the next files are taken at their word again',
    cause,
  });
}
