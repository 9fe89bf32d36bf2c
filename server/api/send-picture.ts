import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Request, Response } from 'express';
import type { PictureTask } from '../datasets/picture-task.ts';

/**
 * Answers with a picture that is drawn of files, or that the client's own is still right: its ETag names the files' sizes
 * and times, and what of them is asked for.
 */
export async function sendPicture(
  { request, response }: { request: Request; response: Response },
  files: readonly string[],
  task: PictureTask,
  draw: () => Promise<Uint8Array>,
): Promise<void> {
  const stamps = await Promise.all(files.map(async (file) => stat(file, { bigint: true }).catch(() => undefined)));
  const named = JSON.stringify([task, stamps.map((found) => `${found?.ino} ${found?.size} ${found?.mtimeNs}`)]);
  response.set('ETag', `"${createHash('sha256').update(named).digest('base64url').slice(0, 27)}"`);
  if (request.fresh) return void response.status(304).end();
  const bytes = await draw().catch((error: unknown) => {
    response.removeHeader('ETag');
    throw error;
  });
  response.type(task.kind === 'mask' ? 'png' : task.format).send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}
