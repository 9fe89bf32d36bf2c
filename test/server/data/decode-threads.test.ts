import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import sharp from 'sharp';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createRandom, StillroomError } from '../../../plugins/sdk/index.ts';
import { decodeViews } from '../../../server/data/decode.ts';
import type { StoredImage } from '../../../server/data/decode-here.ts';
import { DecodeThreads, type DecodeThreadsOptions } from '../../../server/data/decode-threads.ts';
import { ImageStore } from '../../../server/data/image-store.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const home = temporaryFolder();
const geometry = { mode: 'crop', resize: [16, 20], size: [12, 14] } as const;
const images = Array.from({ length: 6 }, (_, i): StoredImage => ({ file: join(home, `${i}.png`), height: 48, width: 40 }));
const broken = { file: join(home, 'broken.png'), height: 48, width: 40 };

beforeAll(async () => {
  const random = createRandom('threads');
  for (const { file, height, width } of images) {
    const values = Uint8Array.from({ length: height * width * 3 }, () => random.integer(256));
    await sharp(values, { raw: { height, width, channels: 3 } }).png().toFile(file);
  }
  writeFileSync(broken.file, 'no image');
});

const opened: DecodeThreads[] = [];
afterEach(() => Promise.all(opened.splice(0).map((threads) => threads.close())));

function open(options?: DecodeThreadsOptions): DecodeThreads {
  const threads = new DecodeThreads(options);
  opened.push(threads);
  return threads;
}

/** Threads that are there. */
async function started(): Promise<DecodeThreads> {
  const threads = open({ startAfter: 0, threads: 2 });
  await threads.decode(images[0]!, geometry, [0]);
  while (!threads.running) await wait(5);
  return threads;
}

async function aFewTurns(): Promise<string> {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
  return 'not yet';
}

const here = (image: StoredImage): Promise<Uint8Array[]> => decodeViews(image.file, geometry);
const failure = (work: Promise<unknown>): Promise<StillroomError> =>
  work.then(
    () => expect.fail('it was decoded'),
    (error: StillroomError) => error,
  );

describe('decoding on other threads', () => {
  it('gives what decoding here gives, bit for bit, in whatever order it is asked for', async () => {
    const threads = await started();
    const found = await Promise.all([...images].reverse().map((image) => threads.decode(image, geometry, [0])));
    expect(found.reverse()).toEqual(await Promise.all(images.map(here)));
  });

  it('gives a store the batches that it would have without, ahead or not', async () => {
    const threads = await started();
    const [with_, without] = [new ImageStore(images, geometry, { decode: threads.decode, budget: 0 }), new ImageStore(images, geometry)];
    with_.prefetch([3, 4]);
    for (const batch of [[3, 1], [4, 4, 0], [5, 2]]) expect(await with_.batch(batch)).toEqual(await without.batch(batch));
  });

  it('goes on while the calling thread is blocked, with more images than there are threads', async () => {
    const threads = await started();
    const decoding = Promise.all(images.map((image) => threads.decode(image, geometry, [0])));
    // Nothing of this thread's runs meanwhile, so whatever is there at once afterwards was decoded by others.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);
    expect(await Promise.race([decoding, aFewTurns()])).toHaveLength(6);
  });

  it('tells errors as they are told here: code, message, place, hint, cause', async () => {
    const threads = await started();
    const [there, expected] = [await failure(threads.decode(broken, geometry, [0])), await failure(here(broken))];
    expect(there).toBeInstanceOf(StillroomError);
    const { code, message, place, hint, problems } = expected;
    expect(there).toMatchObject({ code, message, place, hint, problems });
    expect((there.cause as Error).message).toBe((expected.cause as Error).message);
    expect(await failure(threads.decode(images[0]!, geometry, [7]))).toMatchObject({ code: 'image-changed', place: { file: images[0]!.file } });
    // An image that is none stops nobody.
    expect(await threads.decode(images[1]!, geometry, [0])).toEqual(await here(images[1]!));
  });
});

describe('threads', () => {
  it('do not start for a few small images', async () => {
    const threads = open({ startAfter: 3 * 48 * 40 });
    for (const image of images.slice(0, 3)) await threads.decode(image, geometry, [0]);
    await wait(50);
    expect(threads.running).toBe(0);
  });

  it('start where there is more to decode, and nothing waits for them', async () => {
    const threads = open({ startAfter: 3 * 48 * 40, threads: 1 });
    for (const image of images) expect(await threads.decode(image, geometry, [0])).toEqual(await here(image));
    while (!threads.running) await wait(5);
    expect(threads.running).toBe(1);
  });

  it('end when they are closed, in the middle of what they do, too; whoever asks later is served all the same', async () => {
    const threads = await started();
    const decoding = images.map((image) => threads.decode(image, geometry, [0]));
    await threads.close();
    await threads.close();
    expect(await Promise.all(decoding)).toEqual(await Promise.all(images.map(here)));
    expect(threads.running).toBe(0);
    expect(await threads.decode(images[2]!, geometry, [0])).toEqual(await here(images[2]!));
  });

  it('closed before they began, are none', async () => {
    const threads = open({ startAfter: 0 });
    await threads.close();
    expect(await threads.decode(images[0]!, geometry, [0])).toEqual(await here(images[0]!));
    expect(threads.running).toBe(0);
  });
});
