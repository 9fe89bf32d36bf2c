import { once } from 'node:events';
import { getPriority } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { isAlive } from '../../../server/atomic-file.ts';
import { forkModule } from '../../../server/processes/fork.ts';

describe('a process of ours', () => {
  it('runs a module of TypeScript, talks in typed arrays, and leaves its last words', async () => {
    const { child, lastWords } = forkModule(new URL('./talker.ts', import.meta.url), { nice: 5, env: { GIVEN: 'this' } });
    await once(child, 'spawn');
    child.send({ values: Float32Array.of(1, 2.5) });
    const [told] = (await once(child, 'message')) as [unknown];
    expect(told).toEqual({ doubled: Float32Array.of(2, 5), loader: [], nice: Math.min(19, getPriority() + 5), given: 'this' });
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(lastWords()).toHaveLength(4095);
    expect(lastWords()).toMatch(/xthe end$/);
  });

  it('does not outlive the one that started it, even while it is stuck', async () => {
    const { child } = forkModule(new URL('./parent.ts', import.meta.url));
    const [pid] = (await once(child, 'message')) as [number];
    expect(isAlive(pid)).toBe(true);
    child.kill('SIGKILL');
    for (let i = 0; i < 100 && isAlive(pid); i++) await setTimeout(100);
    expect(isAlive(pid)).toBe(false);
  });
});
