import { describe, expect, it } from 'vitest';
import { Pace, type PacedEvent } from '../../../server/queue/pace.ts';
import type { RunEvent } from '../../../server/runtime/events.ts';

function paced(): { add: (event: RunEvent, at: number) => void; told: PacedEvent[]; flush: () => void } {
  const told: PacedEvent[] = [];
  let now = 0;
  const pace = new Pace((event) => told.push(event), () => now);
  return {
    told,
    add(event, at) {
      now = at;
      pace.add(event);
    },
    flush: () => pace.flush(),
  };
}

const step = (n: number, extra: Partial<Extract<RunEvent, { type: 'step' }>> = {}): RunEvent => ({ type: 'step', category: 'c', fit: 'f', epoch: 1, step: n, steps: 100, loss: 1 / n, rate: 0.1, ...extra });
const predicting = (done: number): RunEvent => ({ type: 'predicting', category: 'c', done, total: 10 });

describe('the pace of events', () => {
  it('tells progress four times a second at most, the newest each time', () => {
    const { told, add } = paced();
    for (let i = 0; i <= 100; i++) add(predicting(i), i * 10);
    expect(told.map((event) => 'done' in event && event.done)).toEqual([0, 25, 50, 75, 100]);
  });

  it('lets the end of what progressed through before anything else', () => {
    const { told, add } = paced();
    add(predicting(1), 0);
    add(predicting(9), 10);
    add(predicting(10), 20);
    add({ type: 'stage', category: 'c', stage: 'calibrate', nodes: [] }, 30);
    expect(told.map(({ type }) => type)).toEqual(['predicting', 'predicting', 'stage']);
    expect(told[1]).toMatchObject({ done: 10 });
  });

  it('keeps the ends of two things apart that progress at once', () => {
    const { told, add, flush } = paced();
    add(predicting(1), 0);
    add(predicting(2), 1);
    add(step(1), 2);
    flush();
    expect(told.map(({ type }) => type)).toEqual(['predicting', 'predicting', 'step']);
  });

  it('says how fast steps go over the last ten seconds, and what is left of the fit', () => {
    const { told, add } = paced();
    add(step(1), 0);
    expect(told.at(-1)).toMatchObject({ stepsPerSecond: null, secondsLeft: null });
    add(step(2), 500);
    expect(told.at(-1)).toMatchObject({ stepsPerSecond: 2, secondsLeft: 49 });
    // From then on four a second: twenty seconds later nothing tells of the slow one.
    for (let i = 3; i <= 90; i++) add(step(i), 500 + (i - 2) * 250);
    expect(told.at(-1)).toMatchObject({ step: 90, stepsPerSecond: 4, secondsLeft: 2.5 });
  });

  it('measures each fit for itself', () => {
    const { told, add } = paced();
    add(step(50), 0);
    add(step(1, { fit: 'other' }), 1000);
    expect(told.at(-1)).toMatchObject({ fit: 'other', stepsPerSecond: null });
  });
});
