import { join } from 'node:path';
import { expect, describe, it } from 'vitest';
import { readDataset } from '../../../server/data/read-dataset.ts';
import { measureTrivial } from '../../../server/runs/trivial-baseline.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { writeCategory, writePicture } from './trial-data.ts';

const folder = temporaryFolder();
const geometry = { mode: 'whole', size: [16, 16] } as const;

describe('what detectors without a network reach', () => {
  it('is measured for each on the same images: a black hole in noise is found by the colours', async () => {
    await writeCategory(join(folder, 'bottle'));
    const [category] = (await readDataset(join(folder, 'bottle'))).categories;
    const measured = await measureTrivial(category!, geometry);
    expect(measured.length).toBeGreaterThan(1);
    expect(new Set(measured.map(({ name }) => name)).size).toBe(measured.length);
    for (const { title, imageAuroc, pixelAuroc, aupro } of measured) {
      expect(title).not.toBe('');
      for (const value of [imageAuroc, pixelAuroc, aupro]) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }
    }
    expect(Math.max(...measured.map(({ pixelAuroc }) => pixelAuroc!))).toBeGreaterThan(0.7);
  });

  it('is nothing without test images', async () => {
    await writePicture(join(folder, 'plain', '0.png'));
    const [category] = (await readDataset(join(folder, 'plain'))).categories;
    for (const { imageAuroc, pixelAuroc, aupro } of await measureTrivial(category!, geometry)) {
      expect([imageAuroc, pixelAuroc, aupro]).toEqual([null, null, null]);
    }
  });
});
