import { describe, expect, it } from 'vitest';
import { StillroomError } from '../../../plugins/sdk/index.ts';
import { atNode } from '../../../server/runtime/at-node.ts';

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

  it('has no defect lost: it is what is thrown, or its cause', () => {
    const defect = new TypeError('of null');
    const thrown = thrownBy(defect) as Error;
    expect([thrown, thrown.cause]).toContain(defect);
  });
});
