import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { nvidiaGpus } from './accelerator.ts';
import { enginesDirectory, isEngineDirectory, isWhole, readManifest } from './location.ts';
import type { EngineLocation, EngineManifest } from './location.ts';

/** File of the engines' directory that says which directory the user chose by `stillroom engine install --from`. */
export const chosenFile = 'chosen.json';

/**
 * The engine that would be loaded: the directory given; `$STILLROOM_ENGINE`; the one chosen by `install --from`; the
 * best provisioned one (for a GPU if there is one, then TensorFlow's wheel, then the package's binary). Undefined where
 * none of these is; a named directory that holds no engine is an error. Loads nothing, fetches nothing.
 */
export function findEngine(directory?: string): EngineLocation | undefined {
  if (directory) return named(directory, 'it was asked for', installHint);
  const variable = process.env['STILLROOM_ENGINE'];
  if (variable) return named(variable, 'STILLROOM_ENGINE names it', 'unset STILLROOM_ENGINE, or let it name an engine');
  const chosen = readChosen();
  if (chosen) return named(chosen, 'it was chosen by `stillroom engine install --from`', installHint);
  return bestProvisioned();
}

const installHint = 'run `stillroom engine install`, with `--from DIR` for a directory that holds TensorFlow';

function named(directory: string, because: string, hint: string): EngineLocation {
  const at = resolve(directory);
  if (!isEngineDirectory(at)) {
    throw new StillroomError('engine-not-there', `expected an engine (tfjs_binding.node) because ${because}, found none`, {
      file: at,
      hint,
    });
  }
  const manifest = readManifest(at);
  return { directory: at, source: 'named', because, ...(manifest ? { manifest } : {}) };
}

function readChosen(): string | undefined {
  try {
    const { directory } = JSON.parse(readFileSync(join(enginesDirectory(), chosenFile), 'utf8')) as { directory: string };
    return directory;
  } catch {
    return undefined;
  }
}

/** Engines that are whole and made for this machine's system, best first. */
export function provisionedEngines(): { directory: string; manifest: EngineManifest }[] {
  const root = enginesDirectory();
  let names: string[];
  try {
    names = readdirSync(root);
  } catch {
    return [];
  }
  const system = `${process.platform}-${process.arch}`;
  const worth = ({ manifest }: { manifest: EngineManifest }) =>
    (manifest.source === 'wheel' ? 2 : 0) + (manifest.variant === 'gpu' ? 1 : 0);
  return names
    .filter((name) => !name.includes('.part'))
    .map((name) => ({ directory: join(root, name), manifest: readManifest(join(root, name)) }))
    .filter((engine): engine is { directory: string; manifest: EngineManifest } => engine.manifest !== undefined)
    .filter(({ directory, manifest }) => manifest.system === system && manifest.source !== 'named' && isWhole(directory, manifest))
    .sort((a, b) => worth(b) - worth(a));
}

function bestProvisioned(): EngineLocation | undefined {
  const engines = provisionedEngines();
  const gpu = engines.some(({ manifest }) => manifest.variant === 'gpu') && nvidiaGpus().length > 0;
  const best = engines.find(({ manifest }) => gpu || manifest.variant === 'cpu') ?? engines[0];
  if (!best) return undefined;
  const { directory, manifest } = best;
  const because = {
    wheel: 'it was provisioned from TensorFlow’s own package',
    prebuilt: 'it is the prebuilt library of tfjs-node, since there is none from TensorFlow’s own package',
    named: 'it was named',
  }[manifest.source];
  return { directory, source: manifest.source, because, manifest };
}
