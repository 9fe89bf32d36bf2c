import { describe, expect, it } from 'vitest';
import { nearestOn, pathOf, pointOn, wireCurves, type Cubic } from '../../../client/canvas/wire-curve.ts';

const [from, to] = [{ x: 10, y: 20 }, { x: 300, y: 90 }];
const through = [{ x: 60, y: 200 }, { x: 200, y: -40 }];

/** The direction in which a curve leaves its start, or comes in at its end, in radians. */
const way = ([a, b, c, d]: Cubic, end: 'start' | 'end'): number => (end === 'start' ? Math.atan2(b.y - a.y, b.x - a.x) : Math.atan2(d.y - c.y, d.x - c.x));

describe('the curves of a wire', () => {
  it('are one from its start to its end, where it has no points', () => {
    const curves = wireCurves(from, to);
    expect(pathOf(curves)).toBe('M10 20C155 20 155 90 300 90');
    expect([0, 0.5, 1].map((t) => pointOn(curves[0]!, t))).toEqual([from, { x: 155, y: 55 }, to]);
  });

  it('pass every point, in order', () => {
    const curves = wireCurves(from, to, through);
    expect([curves[0]![0], ...curves.map((curve) => curve[3])]).toEqual([from, ...through, to]);
    expect(pathOf(curves).match(/C/g)).toHaveLength(3);
  });

  it('leave to the right, come in from the left, and have no corner in between', () => {
    const curves = wireCurves(from, to, through);
    expect(way(curves[0]!, 'start')).toBe(0);
    expect(way(curves.at(-1)!, 'end')).toBe(0);
    for (const [i, curve] of curves.slice(1).entries()) expect(way(curve, 'start')).toBeCloseTo(way(curves[i]!, 'end'), 10);
  });

  it('are drawn even where points lie on one another', () => {
    expect(pathOf(wireCurves(from, to, [from, from, to]))).not.toContain('NaN');
  });

  it('tell how far a place is from them, and between which points it lies', () => {
    const curves = wireCurves(from, to, through);
    for (const [curve, cubic] of curves.entries()) {
      const place = pointOn(cubic, 0.5);
      expect(nearestOn(curves, place)).toEqual({ away: 0, curve });
    }
    expect(nearestOn(wireCurves({ x: 0, y: 0 }, { x: 200, y: 0 }), { x: 100, y: 30 }).away).toBeCloseTo(30, 6);
  });
});
