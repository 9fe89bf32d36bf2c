import { describe, expect, it } from 'vitest';
import { maximum } from '../../../plugins/scoring/maximum.ts';
import { engineNeed, runNode } from '../../support/eager-node.ts';
import { inferNode, paramsOf } from '../../support/infer-node.ts';
import { describeWith } from '../../support/needs.ts';

describe('the score of a map', () => {
  it('224×224 → one number, for a look at each pixel', () => {
    expect(inferNode(maximum, { map: { type: 'map', shape: [224, 224, 1] } })).toEqual({
      outputs: { score: { type: 'score', shape: [] } },
      problems: [],
      cost: { parameters: 0, multiplyAdds: 224 * 224, activationBytes: 4 },
    });
  });
});

describeWith(engineNeed(), 'two maps 2×5: 0…9 shuffled, and −1 … −10', () => {
  const data = Float32Array.of(3, 9, 1, 0, 4, 8, 2, 5, 6, 7, -1, -2, -3, -4, -5, -6, -7, -8, -9, -10);
  const map = { type: 'map', shape: [2, 2, 5, 1], data } as const;
  const scores = async (set: Record<string, unknown>) => {
    const { score } = await runNode(maximum, paramsOf(maximum, set), { map });
    expect(score!.shape).toEqual([2]);
    return [...score!.data];
  };

  it.each([
    ['the largest value of each, below zero too', {}, [9, -1]],
    ['the mean of the largest 30 %: (9 + 8 + 7) / 3, (−1 − 2 − 3) / 3', { method: 'mean-top', share: 0.3 }, [8, -2]],
    ['of all of them', { method: 'mean-top', share: 1 }, [4.5, -5.5]],
    ['a share below one pixel is one pixel', { method: 'mean-top', share: 0.001 }, [9, -1]],
    ['a share of 0 as well', { method: 'mean-top', share: 0 }, [9, -1]],
    ['a share of 0.26 is three pixels, rounded', { method: 'mean-top', share: 0.26 }, [8, -2]],
    ['the share does not matter to the largest', { method: 'max', share: 1 }, [9, -1]],
  ])('%s', async (_, set, expected) => {
    const found = await scores(set);
    expected.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 5));
  });
});
