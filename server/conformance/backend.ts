import { createRequire } from 'node:module';
import type { Kernels, Tf } from '../../plugins/sdk/index.ts';
import { findEngine } from '../engine/find.ts';
import { createKernels } from '../engine/kernels.ts';
import { loadEngine, type Engine } from '../engine/load.ts';
import { compositeKernels } from './composite-kernels.ts';

/** What nodes are run on while they are checked. */
export interface Backend {
  /** `TensorFlow 2.18.0`, `tfjs 4.22.0 (cpu)`. */
  title: string;
  tf: Tf;
  kernels: Kernels;
  /** Of Stillroom's own runs; absent where tfjs's backend in plain JavaScript stands in for it. */
  engine?: Engine;
}

/**
 * The engine that runs use, where there is one; else tfjs's own CPU backend, on which nothing is traced and ops without
 * a kernel there fail. One of the two per process.
 *
 * @param options.engine `any`: what there is; `cpu`: the CPU backend, in a process that has loaded no engine
 * @throws StillroomError of `findEngine` and `loadEngine`
 */
export async function openBackend(options: { engine?: 'any' | 'cpu' } = {}): Promise<Backend> {
  if (options.engine !== 'cpu' && findEngine()) {
    const engine = await loadEngine();
    return { title: `TensorFlow ${engine.library.version}`, tf: engine.tf, kernels: createKernels(engine), engine };
  }
  return openCpu();
}

let opened: Promise<Backend> | undefined;

function openCpu(): Promise<Backend> {
  return (opened ??= (async () => {
    const require = createRequire(import.meta.url);
    // The copy that tfjs-node brings, so that kernels, gradients and tensors are of one module.
    const tf = createRequire(require.resolve('@tensorflow/tfjs-node-gpu'))('@tensorflow/tfjs') as Tf;
    // Else it recommends tfjs-node on standard error.
    tf.env().set('PROD', true);
    await tf.setBackend('cpu');
    await tf.ready();
    return { title: `tfjs ${tf.version_core} (cpu)`, tf, kernels: compositeKernels(tf) };
  })());
}
