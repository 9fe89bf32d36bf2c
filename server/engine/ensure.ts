import { findEngine } from './find.ts';
import { loadEngine } from './load.ts';
import type { Engine } from './load.ts';
import type { OnProgress } from './progress.ts';
import { provisionEngine } from './provision.ts';

/** The engine, loaded; provisioned first where this machine has none yet. */
export async function ensureEngine(onProgress?: OnProgress): Promise<Engine> {
  const location = findEngine() ?? (await provisionEngine(onProgress ? { onProgress } : {}));
  return loadEngine({ location });
}
