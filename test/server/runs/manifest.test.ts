import { describe, expect, it } from 'vitest';
import { describeMachine, identityOfRun, type UsedWeights } from '../../../server/runs/manifest.ts';

const used = (node: string, sha256: string, extra: Partial<UsedWeights> = {}): UsedWeights => ({
  node,
  architecture: 'resnet18',
  name: 'resnet18.starter',
  sha256,
  licence: null,
  caution: null,
  ...extra,
});
const parts = { logic: 'l', data: 'd', weights: [used('teacher', 'w')], seed: 0, epochs: null, engine: '2.18.0 cpu native', code: 'c' };

describe('the identity of a run', () => {
  it('is a SHA-256, the same for the same parts', () => {
    expect(identityOfRun(parts)).toMatch(/^[0-9a-f]{64}$/);
    expect(identityOfRun({ code: 'c', engine: parts.engine, epochs: null, seed: 0, weights: parts.weights, data: 'd', logic: 'l' })).toBe(identityOfRun(parts));
  });

  it.each<[string, Partial<typeof parts> | { epochs: number }]>([
    ['logic', { logic: 'm' }],
    ['data', { data: 'e' }],
    ['seed', { seed: 1 }],
    ['epochs', { epochs: 100 }],
    ['engine', { engine: '2.18.0 cpu eager' }],
    ['code', { code: 'e' }],
    ['weights', { weights: [used('teacher', 'v')] }],
    ['nodes that have them', { weights: [used('other', 'w')] }],
    ['number of weights', { weights: [] }],
  ])('is another with other %s', (_, change) => {
    expect(identityOfRun({ ...parts, ...change })).not.toBe(identityOfRun(parts));
  });

  it('is that of the weights’ bytes, whatever they are called', () => {
    expect(identityOfRun({ ...parts, weights: [used('teacher', 'w', { name: 'my.pth', licence: 'MIT' })] })).toBe(identityOfRun(parts));
  });
});

describe('the machine', () => {
  it('is described by what may change a figure', () => {
    expect(describeMachine()).toEqual({
      node: process.version,
      platform: expect.stringContaining(process.arch),
      processor: expect.any(String),
      cores: expect.any(Number),
    });
  });
});
