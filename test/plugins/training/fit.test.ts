import { describe, expect, it } from 'vitest';
import { fit } from '../../../plugins/training/fit.ts';
import { inferNode, paramsOf } from '../../support/infer-node.ts';

const settings = (set: Record<string, unknown> = {}) => fit.fit!(paramsOf(fit, set));

describe('a fit', () => {
  it("is the paper's by default", () => {
    expect(settings()).toEqual({
      optimiser: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
      learningRate: 0.005,
      schedule: { kind: 'plateau', factor: 0.1, patience: 10, minimum: 0 },
      epochs: 100,
      batch: 8,
      keep: 'best',
      earlyStop: 0,
    });
  });

  it("can be the authors' later preset", () => {
    const set = { beta1: 0.5, learningRate: 4e-4, schedule: 'one-cycle', epochs: 50 };
    expect(settings(set)).toMatchObject({
      optimiser: { kind: 'adam', beta1: 0.5, beta2: 0.999 },
      learningRate: 4e-4,
      schedule: { kind: 'one-cycle', peak: 10, warmUp: 0.3 },
      epochs: 50,
    });
  });

  it('passes on what an optimiser uses, and no more', () => {
    expect(settings({ optimiser: 'sgd', weightDecay: 1e-4 }).optimiser).toEqual({
      kind: 'sgd',
      momentum: 0.9,
      weightDecay: 1e-4,
    });
    expect(settings({ optimiser: 'adamw', weightDecay: 0.01 }).optimiser).toEqual({
      kind: 'adamw',
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: 0.01,
    });
    expect(settings({ schedule: 'constant' }).schedule).toEqual({ kind: 'constant' });
  });

  it('gives weights for what must wait for it', () => {
    expect(inferNode(fit, { loss: { type: 'loss', shape: [] } }).outputs).toEqual({
      weights: { type: 'weights', shape: [] },
    });
  });
});
