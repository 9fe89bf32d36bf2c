import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EmittedFunction, EmittedGraph } from './emit.ts';
import { encodeSavedModel } from './graphdef.ts';

/** What a replay needs to know of a graph besides the graph itself. */
export interface GraphFacts {
  functions: Record<string, EmittedFunction>;
  owners: Record<string, string>;
  /** SHA-256 of `saved_model.pb`. */
  sha256: string;
}

const graphFile = 'saved_model.pb';
const factsFile = 'program.json';
const half = '.half-written-';

/** Writes a graph as a SavedModel with its facts into a directory that is there whole or not at all. */
export function storeGraph(cache: string, key: string, { nodes, functions, owners }: EmittedGraph): GraphFacts {
  const bytes = encodeSavedModel(nodes);
  const facts: GraphFacts = { functions, owners, sha256: sha256(bytes) };
  const [directory, temporary] = [join(cache, key), join(cache, `${half}${process.pid}-${randomBytes(4).toString('hex')}`)];
  mkdirSync(temporary, { recursive: true });
  try {
    writeFileSync(join(temporary, graphFile), bytes, { flush: true });
    writeFileSync(join(temporary, factsFile), JSON.stringify(facts), { flush: true });
    rmSync(directory, { recursive: true, force: true });
    renameSync(temporary, directory);
  } catch (cause) {
    rmSync(temporary, { recursive: true, force: true });
    // Another process may have stored the same graph meanwhile; equal keys have equal graphs.
    if (recallGraph(cache, key)?.sha256 !== facts.sha256) throw cause;
  }
  return facts;
}

/** The facts of a stored graph that is as it was written; the time of its last use is now. */
export function recallGraph(cache: string, key: string): GraphFacts | undefined {
  const directory = join(cache, key);
  try {
    const facts = JSON.parse(readFileSync(join(directory, factsFile), 'utf8')) as GraphFacts;
    if (sha256(readFileSync(join(directory, graphFile))) !== facts.sha256) return undefined;
    const now = new Date();
    utimesSync(join(directory, factsFile), now, now);
    return facts;
  } catch {
    return undefined;
  }
}

export function forgetGraph(cache: string, key: string): void {
  rmSync(join(cache, key), { recursive: true, force: true });
}

/** Removes the graphs longest unused until the rest take no more than `limit` bytes, and what killed processes left. */
export function evictGraphs(cache: string, limit: number): void {
  const anHourAgo = Date.now() - 3_600_000;
  const entries = readdirSync(cache).flatMap((name) => {
    try {
      const directory = join(cache, name);
      if (name.startsWith(half)) {
        if (statSync(directory).mtimeMs < anHourAgo) forgetGraph(cache, name);
        return [];
      }
      return [{ name, used: statSync(join(directory, factsFile)).mtimeMs, bytes: statSync(join(directory, graphFile)).size }];
    } catch {
      return [];
    }
  });
  let total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { name, bytes } of entries.sort((a, b) => a.used - b.used)) {
    if (total <= limit) return;
    forgetGraph(cache, name);
    total -= bytes;
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
