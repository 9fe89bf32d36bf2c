import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import type { Engine } from './load.ts';
import type { EngineLocation } from './location.ts';
import { product, proofGraph } from './proof-graph.ts';

export interface EngineDescription {
  /** TensorFlow's version, as the library reports it. */
  version: string;
  directory: string;
  source: EngineLocation['source'];
  /** Why this engine and no other. */
  because: string;
  /** Where operations run that name no device. */
  device: Engine['device'];
  /** Threads within one operation: `$TF_NUM_INTRAOP_THREADS`, or the processors that this process may use. */
  threads: number;
  /** What the engine was made from and how; undefined where it was made by hand. */
  manifest: EngineLocation['manifest'];
  node: string;
}

export interface DeviceProof {
  /** `CPU:0`, `GPU:0`, … */
  device: string;
  /** The product was of two `[size,size]` float32 matrices. */
  size: number;
  milliseconds: number;
  /** Billions of floating-point operations per second: two per multiply-add. */
  gigaflops: number;
  /** Largest difference from the product computed in float64, relative to the largest magnitude. */
  error: number;
}

const size = 256;
const tolerance = 1e-4;

export function describeEngine({ library, device }: Engine): EngineDescription {
  const { version, directory, source, because, manifest } = library;
  const threads = Number(process.env['TF_NUM_INTRAOP_THREADS']) || availableParallelism();
  return { version, directory, source, because, device, threads, manifest, node: process.version };
}

/** Computes a matrix product on each device that the engine has and checks it; an engine that is wrong is an error. */
export async function proveEngine(engine: Engine): Promise<DeviceProof[]> {
  const a = matrix(1);
  const b = matrix(2);
  const expected = multiply(a, b);
  const proofs: DeviceProof[] = [];
  for (const device of deviceNames(engine)) {
    const found = await computeOn(engine, device, a, b);
    if (!found) break;
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const error = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - (found.values[i] ?? NaN))), 0) / largest;
    if (!(error <= tolerance)) {
      throw new StillroomError('engine-wrong', `expected ${device} to multiply matrices within ${tolerance}, found ${error}`, {
        file: engine.library.directory,
        hint: 'run `stillroom engine install --again`',
      });
    }
    const { milliseconds } = found;
    proofs.push({ device, size, milliseconds, gigaflops: (2 * size ** 3) / (milliseconds * 1e6), error });
  }
  return proofs;
}

/** The binding lists no devices, so each is asked for until one is not there. */
function* deviceNames({ device }: Engine): Generator<string> {
  yield 'CPU:0';
  for (let i = 0; device === 'gpu'; i++) yield `GPU:${i}`;
}

/** The product on one device, with the time of the best of three; undefined where TensorFlow has no such device. */
async function computeOn({ tf, backend, binding, library }: Engine, device: string, a: Float32Array, b: Float32Array) {
  const directory = await mkdtemp(join(tmpdir(), 'stillroom-proof-'));
  try {
    await writeFile(join(directory, 'saved_model.pb'), proofGraph(`/device:${device}`));
    const model = backend.loadSavedModelMetaGraph(directory, 'serve');
    try {
      return tf.tidy(() => {
        const inputs = [tf.tensor2d(a, [size, size]), tf.tensor2d(b, [size, size])];
        let milliseconds = Infinity;
        let values: Float32Array = new Float32Array();
        for (let round = 0; round < 3; round++) {
          const start = performance.now();
          const infos = ['a:0', 'b:0'].map((name) => ({ name, shape: [size, size], dtype: 'float32' as const, tfDtype: 'DT_FLOAT' }));
          const [result] = backend.runSavedModel(model, inputs, infos, [`${product}:0`]);
          values = result?.dataSync() as Float32Array;
          milliseconds = Math.min(milliseconds, performance.now() - start);
        }
        return { values, milliseconds };
      });
    } finally {
      binding.deleteSavedModel(model);
    }
  } catch (cause) {
    if (/device/i.test(String(cause)) && !device.startsWith('CPU')) return undefined;
    throw new StillroomError('engine-wrong', `expected ${device} to multiply matrices, found: ${String(cause).split('\n')[0]}`, {
      file: library.directory,
      hint: 'run `stillroom engine install --again`',
      cause,
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Values in [-1, 1) that any language can make again: a linear congruential sequence. */
function matrix(seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: size * size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

function multiply(a: Float32Array, b: Float32Array): Float64Array {
  const c = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const scale = a[i * size + k] ?? 0;
      for (let j = 0; j < size; j++) c[i * size + j]! += scale * (b[k * size + j] ?? 0);
    }
  }
  return c;
}
