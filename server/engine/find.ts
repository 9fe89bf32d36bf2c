import { resolve } from 'node:path';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { isEngineDirectory, readManifest } from './location.ts';
import type { EngineLocation } from './location.ts';

/** The engine that would be loaded: the one named, else none yet. */
export function findEngine(directory = process.env['STILLROOM_ENGINE']): EngineLocation | undefined {
  if (!directory) return undefined;
  const at = resolve(directory);
  if (!isEngineDirectory(at)) {
    throw new StillroomError('engine-not-there', 'expected an engine (tfjs_binding.node), found none', {
      file: at,
      hint: 'name another directory, or unset STILLROOM_ENGINE and run `stillroom engine install`',
    });
  }
  const manifest = readManifest(at);
  return { directory: at, source: 'named', because: 'it was named', ...(manifest ? { manifest } : {}) };
}
