import { describe, expect, it } from 'vitest';
import { assertConforms, checkPack, formatFinding } from '../../../server/conformance/index.ts';
import { openBackend } from '../../../server/conformance/backend.ts';
import { runNode } from '../../../server/conformance/run-node.ts';
import { pack as scoring } from '../../../plugins/scoring/index.ts';
import { pack as autoencoders } from '../../../plugins/autoencoders/index.ts';
import { brokenExtensions, soundExtensions } from './broken/extensions.ts';
import { brokenTensors } from './broken/tensors.ts';
import { wellBehaved } from './broken/well-behaved.ts';

const cpu = { engine: 'cpu' } as const;

describe('where there is no engine', () => {
  it.each([scoring, autoencoders])('built-in nodes run on tfjs\'s CPU backend, and conform: %s', async (pack) => {
    const { ranOn, findings } = await checkPack(pack, cpu);
    expect(ranOn).toMatch(/^tfjs \d+\.\d+\.\d+ \(cpu\)$/);
    expect(findings.map(formatFinding)).toEqual([]);
  });

  it.each(Object.entries(brokenTensors))('%s is found too', async (_title, [node, rule, message]) => {
    const { findings } = await checkPack({ name: 'acme', nodes: [node] }, cpu);
    expect([...new Set(findings.map((finding) => finding.rule))]).toEqual([rule]);
    expect(findings.map((finding) => finding.message).join('\n')).toMatch(message);
  });

  it('optimisers are tried by their steps alone', async () => {
    const { ranOn, findings } = await checkPack(soundExtensions, cpu);
    expect([ranOn, findings]).toEqual([expect.stringContaining('(cpu)'), []]);
    for (const [pack, rule] of Object.values(brokenExtensions).filter(([, broken]) => ['optimiser-step', 'optimiser-descends', 'leak'].includes(broken))) {
      expect((await checkPack(pack, cpu)).findings.map((finding) => finding.rule)).toEqual([rule]);
    }
  });

  it('says in an error what it ran on', async () => {
    await expect(assertConforms({ name: 'acme', nodes: [{ ...wellBehaved, title: '' }] }, cpu)).rejects.toThrow(
      /^expected "acme" to conform, found one thing wrong \(on tfjs .* \(cpu\)\):\n {2}acme\/scale: \[docs\] expected a title, found none \(name the node as people call it\)$/,
    );
  });
});

describe('kernels in tfjs\'s own ops', () => {
  it('batch-norm of x=[0,2,4,6]: mean 3, variance 20/3, first value −3/√5', async () => {
    const { tf, kernels } = await openBackend(cpu);
    const found = tf.tidy(() => {
      const { value, mean, variance } = kernels.batchNormTraining(tf.tensor4d([0, 2, 4, 6], [1, 2, 2, 1]), tf.ones([1]), tf.zeros([1]), 0);
      return [value, mean, variance].map((tensor) => tensor.dataSync()[0]!);
    });
    expect(found[0]).toBeCloseTo(-3 / Math.sqrt(5), 5);
    expect(found[1]).toBeCloseTo(3, 6);
    expect(found[2]).toBeCloseTo(20 / 3, 5);
  });

  it('equal seeds and salts draw equal numbers, others do not', async () => {
    const { tf, kernels } = await openBackend(cpu);
    const draw = (seed: [number, number], salt: number): number[] =>
      tf.tidy(() => Array.from(kernels.normal([2000], tf.tensor1d(seed, 'int32'), salt).dataSync()));
    const first = draw([1, 2], 3);
    expect(draw([1, 2], 3)).toEqual(first);
    expect(draw([2, 1], 3)).not.toEqual(first);
    expect(draw([1, 2], 4)).not.toEqual(first);
    const mean = first.reduce((a, b) => a + b) / first.length;
    expect(Math.abs(mean)).toBeLessThan(0.1);
    expect(Math.sqrt(first.reduce((a, b) => a + (b - mean) ** 2, 0) / first.length)).toBeCloseTo(1, 1);
  });
});

describe('runNode', () => {
  it('gives outputs, gradients and what was read; 2 · x · 3 with ∂/∂scale = 2 Σx', async () => {
    const backend = await openBackend(cpu);
    const signal = { type: 'features' as const, shape: [1, 2, 1] };
    const result = runNode(backend, {
      definition: wellBehaved,
      params: { gain: 2 },
      inputs: { features: signal },
      outputs: { features: signal },
      weights: wellBehaved.weights!({}, { gain: 2 }),
      feeds: { features: { shape: [1, 1, 2, 1], data: Float32Array.of(5, 7) } },
      values: new Map([['scale', Float32Array.of(3)]]),
      training: true,
      loss: ({ features }, tf) => tf.sum(features!),
    });
    expect(Array.from(result.outputs['features']!.data)).toEqual([30, 42]);
    expect(result.loss).toBe(72);
    expect(Array.from(result.gradients['scale']!)).toEqual([24]);
    expect(Array.from(result.inputGradients['features']!)).toEqual([6, 6]);
    expect([...result.read]).toEqual(['scale']);
    expect([result.left, result.readBacks]).toEqual([0, 0]);
  });
});
