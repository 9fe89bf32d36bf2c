import { describe, expect, it } from 'vitest';
import { didYouMean, distance, nearest } from '../../../server/graph/nearest.ts';

describe('nearest', () => {
  it.each([
    ['kitten', 'sitting', 3],
    ['layer1', 'layre1', 1],
    ['', 'abc', 3],
    ['same', 'same', 0],
  ])('%s and %s are %i edits apart', (a, b, edits) => {
    expect(distance(a, b)).toBe(edits);
  });

  it('finds what was meant, whatever its case, and nothing where all is far', () => {
    expect(nearest('Layre1', ['layer1', 'layer2'])).toBe('layer1');
    expect(nearest('zzz', ['layer1', 'layer2'])).toBeUndefined();
    expect(didYouMean('zzz', ['layer1'], 'choose another')).toBe('choose another');
  });
});
