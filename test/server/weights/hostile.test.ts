import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StillroomError } from '../../../plugins/sdk/problem.ts';
import { createRandom } from '../../../plugins/sdk/random.ts';
import { readState } from '../../../server/weights/read-state.ts';
import { hostileWeights } from '../../fixtures/hostile/make-weights.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();

describe('a file of weights that is damaged or meant to do harm is refused:', () => {
  it.each(hostileWeights)('$name', async ({ write, expectedCode, contains }) => {
    const file = write(folder);
    const before = process.memoryUsage().rss;
    const error: unknown = await readState(file).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StillroomError);
    expect(error).toMatchObject({ code: expectedCode, message: expect.stringContaining(contains) });
    // Of a folder the file in it may be named.
    expect((error as StillroomError).place.file!.startsWith(file)).toBe(true);
    expect((error as StillroomError).hint).toBeTruthy();
    // None of these files takes more than some hundreds of megabytes, whatever it claims.
    expect(process.memoryUsage().rss - before).toBeLessThan(700 * 2 ** 20);
  });
});

const fixtures = ['checkpoint.zip.pth', 'checkpoint.legacy.pth', 'views.zip.pth', 'views.legacy.pth', 'types.safetensors', 'arrays.npz', 'compressed.npz'];

describe.each(fixtures)('%s, damaged at random,', (name) => {
  const whole = readFileSync(new URL(`../../fixtures/weights/${name}`, import.meta.url));
  const file = join(folder, `damaged-${name}`);

  /** The code it is refused with, or none; anything else that is thrown fails the test. */
  async function codeOf(bytes: Uint8Array): Promise<string | undefined> {
    writeFileSync(file, bytes);
    try {
      await readState(file);
      return undefined;
    } catch (error) {
      if (error instanceof StillroomError) return error.code;
      throw error;
    }
  }

  it('is refused wherever it is cut off', async () => {
    const lengths = Array.from({ length: 100 }, (_, n) => Math.floor((n / 100) * whole.length));
    for (const length of [...lengths, whole.length - 1]) {
      expect(await codeOf(whole.subarray(0, length)), `${length} bytes`).toMatch(/^weights-/);
    }
  });

  it('is read or refused in words when bytes of it are others', async () => {
    const random = createRandom(name);
    for (let round = 0; round < 150; round++) {
      const bytes = Uint8Array.from(whole);
      const flips = 1 + random.integer(4);
      const at = Array.from({ length: flips }, () => random.integer(whole.length));
      for (const place of at) bytes[place] = random.integer(256);
      await expect(codeOf(bytes), `bytes ${at.join(', ')}`).resolves.not.toBe('defect');
    }
  });
});
