import { describe, expect, it } from 'vitest';
import type { Program, ProgramContext, ProgramSpec } from '../../../server/engine/program.ts';
import { WarmPrograms } from '../../../server/interactive/warm-programs.ts';

describe('warm programs', () => {
  const disposed: string[] = [];
  let traced = 0;
  const ctx = { within: (_node: string, part: () => unknown) => part() } as unknown as ProgramContext;
  const specOf = (batch: number): ProgramSpec => ({
    name: 'predict',
    key: ['logic'],
    constants: {},
    state: {},
    functions: { run: { inputs: { images: { shape: [batch, 1], dtype: 'float32' } }, run: (given) => given.within('student', () => ({})) } },
  });
  const warm = new WarmPrograms((spec): Program => {
    traced++;
    spec.functions['run']!.run(ctx, {});
    return { mode: 'eager', call: () => ({}), read: () => ({}), write: () => {}, dispose: () => void disposed.push(spec.name) };
  });
  const options = { eager: false, reusable: true };

  it('are compiled once for what they compute and how many, and name the node whose code begins', () => {
    const told: (string | null)[] = [];
    warm.begin = (node) => told.push(node);
    for (const batch of [1, 1, 8]) warm.compile(specOf(batch), options).dispose();
    expect(traced).toBe(2);
    expect(told).toEqual(['student', null, 'student', null]);
    expect(disposed).toEqual([]);
  });

  it('stay while they are used, and go then', async () => {
    await warm.use(async () => {
      warm.dispose();
      expect(disposed).toEqual([]);
    });
    expect(disposed).toEqual(['predict', 'predict']);
  });
});
