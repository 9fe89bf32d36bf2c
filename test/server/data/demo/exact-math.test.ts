import { describe, expect, it } from 'vitest';
import { bump, cosine, sine, smoothstep } from '../../../../server/data/demo/exact-math.ts';

describe('exact arithmetic', () => {
  it('sine and cosine of turns agree with Math within 4e-6, also for negative and large angles', () => {
    for (let turns = -3; turns < 3; turns += 0.0137) {
      expect(Math.abs(sine(turns) - Math.sin(2 * Math.PI * turns))).toBeLessThan(4e-6);
      expect(Math.abs(cosine(turns) - Math.cos(2 * Math.PI * turns))).toBeLessThan(4e-6);
    }
  });

  it('a bump is 1 in its middle, (1 − ¼)³ half-way, 0 from its end on', () => {
    expect([bump(0), bump(0.5), bump(-0.5), bump(1), bump(7)]).toEqual([1, 0.421875, 0.421875, 0, 0]);
  });

  it('smoothstep 0…4: 0 before, 5/32 at 1, ½ at 2, 1 after', () => {
    expect([-1, 1, 2, 9].map((x) => smoothstep(0, 4, x))).toEqual([0, 0.15625, 0.5, 1]);
  });
});
