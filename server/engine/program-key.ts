import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Engine } from './load.ts';
import type { ProgramSpec } from './program.ts';

/**
 * The name of a program's graph in the cache, hexadecimal: equal where all that is frozen in the graph is equal. The
 * values of states are not, as they go in afterwards.
 */
export function programKey(engine: Engine, spec: ProgramSpec): string {
  const functions = Object.entries(spec.functions).map(([name, { inputs }]) => [
    name,
    Object.entries(inputs).map(([input, { shape, dtype }]) => [input, shape, dtype]),
  ]);
  const constants = Object.entries(spec.constants).map(([name, { shape, data }]) => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return [name, shape, createHash('sha256').update(bytes).digest('hex')];
  });
  const states = Object.entries(spec.state).map(([name, { shape }]) => [name, shape]);
  const library = [engine.library.version, engine.tf.version_core, engine.device];
  const parts = [spec.key, functions, constants, states, library, fingerprint()];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** The files whose code decides what a traced program looks like. */
const sources = [
  'emit',
  'emit-move',
  'graph-names',
  'graph-writer',
  'graphdef',
  'kernels',
  'program-context',
  'program-key',
  'recorder',
  'tape',
  'trace',
  'update-rules',
  '../../plugins/sdk/random',
];

let known: string | undefined;

function fingerprint(): string {
  if (known) return known;
  const own = fileURLToPath(import.meta.url);
  const hash = createHash('sha256');
  for (const source of sources) hash.update(readFileSync(new URL(`${source}${extname(own)}`, import.meta.url))).update('\0');
  return (known = hash.digest('hex'));
}
