import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { evictGraphs, recallGraph, storeGraph } from '../../../server/engine/graph-cache.ts';

describe('cache of graphs', () => {
  let cache: string;
  beforeEach(() => (cache = mkdtempSync(join(tmpdir(), 'stillroom-test-'))));
  afterEach(() => rmSync(cache, { recursive: true }));

  /** Its file has a little over a thousand bytes. */
  const graph = {
    nodes: [{ name: 'n'.repeat(1000), op: 'NoOp', input: [], attr: {} }],
    functions: { f: { inputs: ['x'], outputs: [{ name: 'y', shape: [2] }] } },
    owners: { 'node/a': 'a' },
  };
  const usedHoursAgo = (key: string, hours: number): void => {
    const then = new Date(Date.now() - hours * 3_600_000);
    utimesSync(join(cache, key, 'program.json'), then, then);
  };

  it('gives back the facts of what it stored, and nothing of what it did not', () => {
    const facts = storeGraph(cache, 'one', graph);
    expect(recallGraph(cache, 'one')).toEqual(facts);
    expect(facts).toMatchObject({ functions: graph.functions, owners: graph.owners });
    expect(recallGraph(cache, 'other')).toBeUndefined();
    expect(readdirSync(cache)).toEqual(['one']);
  });

  it('evicts what was longest unused; a recall is a use', () => {
    for (const [i, key] of ['a', 'b', 'c'].entries()) {
      storeGraph(cache, key, graph);
      usedHoursAgo(key, 3 - i);
    }
    recallGraph(cache, 'a');
    evictGraphs(cache, 2500);
    expect(readdirSync(cache).sort()).toEqual(['a', 'c']);
    evictGraphs(cache, 1500);
    expect(readdirSync(cache)).toEqual(['a']);
  });

  it('removes what a killed process left, but not what another is writing', () => {
    const [old, fresh] = [join(cache, '.half-written-1-a'), join(cache, '.half-written-2-b')];
    mkdirSync(old);
    mkdirSync(fresh);
    utimesSync(old, new Date(0), new Date(0));
    evictGraphs(cache, 0);
    expect([existsSync(old), existsSync(fresh)]).toEqual([false, true]);
  });
});
