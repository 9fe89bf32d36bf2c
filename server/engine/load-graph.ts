import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { asWriteError } from '../atomic-file.ts';
import { emitGraph, type EmittedGraph } from './emit.ts';
import { evictGraphs, forgetGraph, recallGraph, storeGraph, type GraphFacts } from './graph-cache.ts';
import { createKernels } from './kernels.ts';
import type { Engine } from './load.ts';
import { programKey } from './program-key.ts';
import type { ProgramSpec } from './program.ts';
import { traceProgram } from './trace.ts';

/** A graph in the native library, ready to run. */
export interface LoadedGraph {
  /** The binding's number for it. */
  model: number;
  facts: GraphFacts;
}

/** A cache of graphs is kept below this many bytes. */
const cacheLimit = 2 * 1024 ** 3;

/** Loads a program's graph: from the cache where it is there, unharmed; else traced, emitted and stored. */
export function loadGraph(engine: Engine, spec: ProgramSpec, cache: string | undefined): LoadedGraph {
  if (cache === undefined) return loadUncached(engine, spec, emit(engine, spec));
  const key = programKey(engine, spec);
  const recalled = recallGraph(cache, key);
  if (recalled) {
    try {
      return { model: engine.binding.loadSavedModel(join(cache, key), 'serve'), facts: recalled };
    } catch {
      forgetGraph(cache, key);
    }
  }
  const graph = emit(engine, spec);
  let facts: GraphFacts;
  try {
    facts = storeGraph(cache, key, graph);
    evictGraphs(cache, cacheLimit);
  } catch {
    // A full or read-only disk costs the next start a trace, and nothing else.
    return loadUncached(engine, spec, graph);
  }
  return { model: load(engine, spec, join(cache, key), graph), facts };
}

function emit(engine: Engine, spec: ProgramSpec): EmittedGraph {
  return emitGraph(engine, spec, traceProgram(engine, createKernels(engine), spec));
}

function loadUncached(engine: Engine, spec: ProgramSpec, graph: EmittedGraph): LoadedGraph {
  let temporary = join(tmpdir(), 'stillroom-graph-');
  try {
    temporary = mkdtempSync(temporary);
    const facts = storeGraph(temporary, 'graph', graph);
    return { model: load(engine, spec, join(temporary, 'graph'), graph), facts };
  } catch (cause) {
    // The library reads graphs from files alone.
    throw asWriteError(cause, temporary);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function load(engine: Engine, spec: ProgramSpec, directory: string, graph: EmittedGraph): number {
  try {
    return engine.binding.loadSavedModel(directory, 'serve');
  } catch (cause) {
    throw locateFailure(cause, spec.name, graph.owners);
  }
}

/** TensorFlow names the graph's node; the error names the document's. */
export function locateFailure(cause: unknown, program: string, owners: Record<string, string>): StillroomError {
  const message = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0]!;
  const inGraph = /\{\{node ([^}]+)\}\}/.exec(message)?.[1];
  const owner = inGraph ? owners[inGraph.slice(0, inGraph.lastIndexOf('/'))] : undefined;
  return new StillroomError('node-failed', `expected "${program}" to run as a native graph, found: ${message}`, {
    ...(owner ? { node: owner } : {}),
    cause,
  });
}
