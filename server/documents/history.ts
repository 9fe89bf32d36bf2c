import { open, readFile, rename } from 'node:fs/promises';
import { z } from 'zod';
import { asWriteError } from '../atomic-file.ts';
import { changeSchema } from '../graph/change-schema.ts';
import type { Patch } from '../graph/patch.ts';

const revisionSchema = z.object({
  revision: z.int().min(1),
  /** ISO 8601, UTC. */
  at: z.string(),
  /** Who or what made it; shown beside it. */
  by: z.string(),
  patch: z.array(changeSchema),
  /** SHA-256 of the document's text after it. */
  sha256: z.string(),
});

/** One edit of a document, as it is kept: a line of `history.jsonl`. */
export type Revision = Omit<z.output<typeof revisionSchema>, 'patch'> & { patch: Patch };

export interface ReadHistory {
  revisions: Revision[];
  /** Where the whole lines are followed by others: the file that those were set aside in. */
  setAside?: string;
}

/**
 * The edits of a document, in order. What follows the last whole line (half a line of a killed write, or lines that
 * someone broke) is set aside in a file of its own, so that nothing is lost and later lines follow whole ones.
 */
export async function readHistory(file: string): Promise<ReadHistory> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const revisions: Revision[] = [];
  let whole = 0;
  for (const line of text.split(/(?<=\n)/)) {
    const revision = line.endsWith('\n') ? revisionOf(line) : undefined;
    if (revision?.revision !== revisions.length + 1) break;
    revisions.push(revision);
    whole += line.length;
  }
  if (whole === text.length) return { revisions };
  const setAside = `${file}.broken-${Date.now()}`;
  await rename(file, setAside);
  await append(file, text.slice(0, whole));
  return { revisions, setAside };
}

/** Throws `disk-full`, `cannot-write`. */
export async function addRevision(file: string, revision: Revision): Promise<void> {
  await append(file, `${JSON.stringify(revision)}\n`);
}

async function append(file: string, text: string): Promise<void> {
  try {
    const handle = await open(file, 'a');
    try {
      const { size } = await handle.stat();
      try {
        await handle.appendFile(text);
        await handle.sync();
      } catch (error) {
        // Half a line would make the next one part of it.
        await handle.truncate(size).catch(() => undefined);
        throw error;
      }
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw asWriteError(cause, file, text.length);
  }
}

function revisionOf(line: string): Revision | undefined {
  try {
    return revisionSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
