import { describe, expect, it } from 'vitest';
import { failedSince, runBeside } from '../../../client/editor/run-beside.ts';
import type { RunState } from '../../../client/runs/run-state.ts';

const measured = { grid: { imageAuroc: 0.9, pixelAuroc: null, aupro: null } };
const run = (id: string, state: RunState['state'], metrics: RunState['metrics'] = {}): RunState => ({ id, name: 'x', state, stopping: null, isQueued: true, priority: 0, graph: null, seed: 0, created: '', ended: null, problem: null, progress: null, cautions: [], metrics });

describe('the run beside a graph', () => {
  it('is the newest that has results, whatever has failed since', () => {
    const runs = [run('c', 'failed'), run('b', 'done', measured), run('a', 'done', measured)];
    expect(runBeside(runs)?.id).toBe('b');
    expect(failedSince(runs, 'b')?.id).toBe('c');
  });

  it('is one at work, or halted to go on, before any that is older', () => {
    for (const state of ['queued', 'running', 'paused'] as const) expect(runBeside([run('b', state), run('a', 'done', measured)])?.id).toBe('b');
  });

  it('may have failed after some of its categories were measured', () => {
    const runs = [run('b', 'failed', measured), run('a', 'done', measured)];
    expect(runBeside(runs)?.id).toBe('b');
    expect(failedSince(runs, 'b')).toBeNull();
  });

  it('is the newest where none has results; nothing where none was asked for', () => {
    expect(runBeside([run('b', 'failed'), run('a', 'cancelled')])?.id).toBe('b');
    expect(runBeside([])).toBeUndefined();
  });

  it('is not said to be followed by a failed one where that is older, ended well or was cancelled by somebody', () => {
    expect(failedSince([run('b', 'done', measured), run('a', 'failed')], 'b')).toBeNull();
    expect(failedSince([run('b', 'cancelled'), run('a', 'done', measured)], 'a')).toBeNull();
    expect(failedSince([run('b', 'failed')], 'elsewhere')).toBeNull();
  });
});
