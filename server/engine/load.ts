import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js';
import type { TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import type { Tf } from '../../plugins/sdk/node.ts';
import { findEngine } from './find.ts';
import { bindingFile } from './location.ts';
import type { EngineLocation } from './location.ts';
import { shimNode } from './node-shim.ts';
import { withoutBanners } from './quiet.ts';

/** TensorFlow, loaded into this process. */
export interface Engine {
  /** tfjs-core's functions, of the module that the backend is registered in. */
  tf: Tf;
  backend: NodeJSKernelBackend;
  binding: TFJSBinding;
  library: {
    /** TensorFlow's own, as the library reports it. */
    version: string;
  } & EngineLocation;
  /** Where eager operations run. */
  device: 'cpu' | 'gpu';
}

let loaded: Engine | undefined;

/**
 * Loads TensorFlow from the directory or location given, or from the engine that `findEngine` finds; once per process.
 * Takes about a second. Everything that computes asks for it here.
 */
export async function loadEngine(options: { directory?: string; location?: EngineLocation } = {}): Promise<Engine> {
  const asked = options.location?.directory ?? options.directory;
  if (loaded && (asked === undefined || asked === loaded.library.directory)) return loaded;
  const location = options.location ?? findEngine(asked);
  if (!location) {
    throw new StillroomError('engine-missing', 'expected TensorFlow to compute with, found none on this machine', {
      hint: 'run `stillroom engine install`',
    });
  }
  if (loaded) {
    if (loaded.library.directory === location.directory) return loaded;
    throw new StillroomError(
      'engine-already-loaded',
      `expected the engine of ${loaded.library.directory}, which this process runs on, found another`,
      { file: location.directory, hint: 'load one engine per process' },
    );
  }
  loaded = loadFrom(location);
  return loaded;
}

function loadFrom(location: EngineLocation): Engine {
  const { directory, source } = location;
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  shimNode();
  let tf;
  try {
    tf = withoutBanners(directory, () => requireTfjs(join(directory, bindingFile)));
  } catch (cause) {
    throw new StillroomError('engine-broken', `expected the engine to load, found: ${firstLine(cause)}`, {
      file: directory,
      hint: source === 'named' ? 'name another directory' : 'run `stillroom engine install --again`',
      cause,
    });
  }
  const backend = tf.backend() as unknown as NodeJSKernelBackend;
  const binding = backend.binding;
  return {
    tf,
    backend,
    binding,
    library: { version: binding.TF_Version, ...location },
    device: backend.isUsingGpuDevice ? 'gpu' : 'cpu',
  };
}

/**
 * tfjs-node asks `@mapbox/node-pre-gyp` where its binding lies. While it loads, the answer is ours: nothing needs to
 * be written into `node_modules`, and the real package, with its command line and warnings, is not loaded at all.
 */
function requireTfjs(bindingPath: string): Tf {
  const require = createRequire(import.meta.url);
  const tfjs = require.resolve('@tensorflow/tfjs-node-gpu');
  const locator = createRequire(tfjs).resolve('@mapbox/node-pre-gyp');
  const before = require.cache[locator];
  const standIn = { id: locator, filename: locator, loaded: true, children: [], paths: [], exports: { find: () => bindingPath } };
  require.cache[locator] = standIn as unknown as NodeJS.Module;
  try {
    return require(tfjs) as Tf;
  } finally {
    if (before) require.cache[locator] = before;
    else delete require.cache[locator];
  }
}

function firstLine(cause: unknown): string {
  return String(cause instanceof Error ? cause.message : cause).split('\n')[0] ?? '';
}
