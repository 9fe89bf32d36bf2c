import { mkdtempSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readNormality, shareAtOrBelow, usualOf, writeNormality, type Normality } from '../../../server/why/normality.ts';
import { shareOut } from '../../../server/why/share-out.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const normality: Normality = {
  identity: 'this run',
  images: [{ path: 'train/good/000.png', height: 16, width: 8 }],
  patches: new Map([['teacher.layer1', { grid: [2, 1], channels: 2, total: 2, views: Float32Array.of(0), cells: Float32Array.of(1), vectors: Float32Array.of(0.6, 0.8) }]]),
  levels: new Map([['map/inner.map', Float32Array.of(0, 1, 2, 3, 9)]]),
  levelsOf: 'train',
};

describe('what normal images are like', () => {
  it('is read as it was written, by the run that it is of alone', async () => {
    const file = join(mkdtempSync(join(temporaryFolder(), 'normal-')), 'normal.safetensors');
    await writeNormality(file, normality);
    expect(await readNormality(file, 'this run')).toEqual(normality);
    expect(await readNormality(file, 'another run')).toBeNull();
    truncateSync(file, 100);
    expect(await readNormality(file, 'this run')).toBeNull();
  });

  it('tells which share of the values a value is above', () => {
    const levels = normality.levels.get('map/inner.map')!;
    expect([-1, 0, 1, 2.5, 8, 9, 10].map((value) => shareAtOrBelow(levels, value))).toEqual([0, 0, 0.25, 0.5, 0.75, 1, 1]);
    expect(usualOf(levels)).toBe(2);
  });
});

describe('memory for several sorts', () => {
  it('is shared evenly, and what one does not need goes to the others', () => {
    expect(shareOut(100, [{ each: 10, most: 100 }, { each: 1, most: 1000 }])).toEqual([5, 50]);
    expect(shareOut(100, [{ each: 10, most: 100 }, { each: 1, most: 20 }])).toEqual([8, 20]);
    expect(shareOut(1000, [{ each: 2, most: 3 }, { each: 4, most: 5 }])).toEqual([3, 5]);
    expect(shareOut(0, [{ each: 2, most: 3 }])).toEqual([0]);
  });
});
