import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Request } from 'express';
import { asWriteError } from '../atomic-file.ts';
import { byteBudget } from '../byte-budget.ts';
import { receiveForm } from '../datasets/receive-form.ts';
import { tooLarge } from '../datasets/unpack-zip.ts';
import { StillroomError } from '../../plugins/sdk/problem.ts';

export interface ReceivedImage {
  /** As whoever sent it calls it; it is no path here. */
  name: string;
  file: string;
}

/** What may be sent at once. */
const limits = { files: 256, bytesPerFile: 2 ** 28, bytes: 2 ** 30 };
const longestName = 255;

/**
 * The files of a form, streamed into a folder as `0`, `1`, …, whatever they are called. Throws `upload-unreadable`,
 * `upload-too-large`, `upload-empty`, `disk-full`, `cannot-write`.
 */
export async function receiveImages(request: Request, folder: string): Promise<ReceivedImage[]> {
  const images: ReceivedImage[] = [];
  const metered = byteBudget(limits.bytes, () => tooLarge(`at most ${limits.bytes} bytes together`, 'more'));
  await receiveForm(request, limits, async (_field, name, content) => {
    const image = { name: name.slice(-longestName), file: join(folder, String(images.length)) };
    images.push(image);
    await pipeline(content, metered(), createWriteStream(image.file, { flags: 'wx' })).catch((cause: unknown) => {
      throw asWriteError(cause, image.file);
    });
  });
  if (images.length > 0) return images;
  throw new StillroomError('upload-empty', 'expected images, found none', { hint: 'send them as files of a form' });
}
