import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { tooLarge } from './unpack-zip.ts';
import type { UploadLimits } from './upload-limits.ts';

/** Takes one file of a form; its name may hold folders and anything else. */
export type TakeFile = (field: string, name: string, content: Readable) => Promise<void>;

/**
 * Reads a form as it comes, file by file. At the first thing that is wrong it stops. Errors: `upload-unreadable`,
 * `upload-too-large`, and what `take` throws.
 */
export async function receiveForm(request: IncomingMessage, { files, bytesPerFile }: Pick<UploadLimits, 'files' | 'bytesPerFile'>, take: TakeFile): Promise<void> {
  const form = formOf(request, files, bytesPerFile);
  const open = new Set<Readable>();
  const taken: Promise<void>[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      const unreadable = (found: string, cause?: unknown): void => reject(new StillroomError('upload-unreadable', `expected a whole form, found ${found}`, { cause }));
      form.on('file', (field, content, name) => {
        open.add(content);
        content.once('limit', () => reject(tooLarge(`at most ${bytesPerFile} bytes in a file`, `more in ${JSON.stringify(String(name).slice(0, 120))}`)));
        content.on('error', () => undefined);
        const work = take(String(field), String(name ?? ''), content).finally(() => open.delete(content));
        taken.push(work);
        work.catch(reject);
      });
      form.on('field', (field) => unreadable(`the text ${JSON.stringify(field.slice(0, 60))} among the files`));
      form.on('filesLimit', () => reject(tooLarge(`at most ${files} files`, 'more')));
      form.on('partsLimit', () => reject(tooLarge(`at most ${files} files`, 'more')));
      form.on('error', (cause: unknown) => unreadable(`one that cannot be read: ${(cause as Error).message}`, cause));
      form.on('finish', () => void Promise.all(taken).then(() => resolve(), reject));
      request.once('error', (cause) => unreadable('that it was cut off', cause));
      request.once('close', () => !request.complete && unreadable('that it was cut off'));
      request.pipe(form);
    });
  } finally {
    request.unpipe(form);
    // What is being written ends before its folder is removed.
    for (const content of open) content.destroy(new Error('stopped'));
    await Promise.allSettled(taken);
  }
}

function formOf(request: IncomingMessage, files: number, bytesPerFile: number): BusboyInstance {
  try {
    return new Busboy({
      headers: request.headers as BusboyHeaders,
      preservePath: true,
      limits: { files, parts: files + 1, fields: 1, fieldSize: 100, fileSize: bytesPerFile, headerPairs: 20, headerSize: 16_384 },
    });
  } catch (cause) {
    throw new StillroomError('upload-unreadable', `expected a form, found one that cannot be read: ${(cause as Error).message}`, { cause });
  }
}
