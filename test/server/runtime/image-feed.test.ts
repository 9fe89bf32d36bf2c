import { describe, expect, it } from 'vitest';
import type { ImageSource } from '../../../server/compiler/plan.ts';
import { imageFeed, paddedBatches, paddedFeeds, type DecodedImages } from '../../../server/runtime/image-feed.ts';

/** A source of images of one grey pixel whose value is the image's index plus an offset; notes what it is asked. */
function source(node: string, offset: number): { source: ImageSource; images: DecodedImages; asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    source: {
      value: { node, socket: 'images' },
      signal: { type: 'images', shape: [1, 1, 1] },
      geometry: { mode: 'whole', size: [1, 1] },
    },
    images: {
      batch: async (indices) => (asked.push(`batch ${indices.join()}`), Float32Array.from(indices, (i) => i + offset)),
      prefetch: (indices) => void asked.push(`prefetch ${indices.join()}`),
    },
  };
}

describe('padded batches', () => {
  it('visit all images in order, the last batch filled up with its last image', () => {
    expect(paddedBatches(5, 2)).toEqual([
      { indices: [0, 1], real: 2 },
      { indices: [2, 3], real: 2 },
      { indices: [4, 4], real: 1 },
    ]);
  });

  it('fill one batch where there are fewer images than that', () => {
    expect(paddedBatches(1, 3)).toEqual([{ indices: [0, 0, 0], real: 1 }]);
  });

  it('are none where there is no image', () => {
    expect(paddedBatches(0, 4)).toEqual([]);
  });
});

describe('an image feed', () => {
  it('decodes only for the sources that are wanted, each in its own way', async () => {
    const [small, large] = [source('small', 0), source('large', 100)];
    const feed = imageFeed('train', 3, [small, large]);
    expect(await feed.feeds([2, 0], ['large.images', 'other.images'])).toEqual({
      'large.images': { shape: [2, 1, 1, 1], data: Float32Array.of(102, 100) },
    });
    feed.prefetch([1], ['small.images']);
    expect([small.asked, large.asked]).toEqual([['prefetch 1'], ['batch 2,0']]);
  });

  it('decodes a batch ahead', async () => {
    const only = source('only', 0);
    const seen: { real: number; values: number[] }[] = [];
    for await (const { real, feeds } of paddedFeeds(imageFeed('test', 3, [only]), 2, ['only.images'])) {
      only.asked.push('used');
      seen.push({ real, values: [...feeds['only.images']!.data] });
    }
    expect(seen).toEqual([{ real: 2, values: [0, 1] }, { real: 1, values: [2, 2] }]);
    expect(only.asked).toEqual(['batch 0,1', 'prefetch 2,2', 'used', 'batch 2,2', 'used']);
  });
});
