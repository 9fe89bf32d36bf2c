import { describe, expect, it } from 'vitest';
import { StillroomError } from '../../../plugins/sdk/index.ts';
import { atNode } from '../../../server/engine/at-node.ts';

describe('host code of a node', () => {
  const thrownBy = (error: Error): unknown => {
    try {
      return atNode('threshold', () => {
        throw error;
      });
    } catch (caught) {
      return caught;
    }
  };

  it('gives what it gives', () => {
    expect(atNode('threshold', () => 7)).toBe(7);
  });

  it('has its errors named after it, what they know kept', () => {
    const error = new StillroomError('threshold-impossible', 'expected scores', { socket: 'score', hint: 'give some' });
    expect(thrownBy(error)).toMatchObject({
      code: 'threshold-impossible',
      message: 'expected scores',
      hint: 'give some',
      place: { node: 'threshold', socket: 'score' },
    });
  });

  it('has whatever else it throws told as a failure of the node, in one line, with its cause', () => {
    const defect = new TypeError('of null\n  and more');
    expect(thrownBy(defect)).toMatchObject({
      code: 'node-failed',
      message: 'expected the node to do its work, found: of null',
      place: { node: 'threshold' },
      cause: defect,
    });
  });
});
