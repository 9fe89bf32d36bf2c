import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from '../home.ts';

/** File of an engine's directory that `tfjs-node` loads. */
export const bindingFile = 'tfjs_binding.node';
/** File of an engine's directory that says what is in it. */
export const manifestFile = 'engine.json';

/** Where provisioned engines live, each in a directory named by its key. */
export function enginesDirectory(): string {
  return join(cacheDirectory(), 'engine');
}

/** Where an engine comes from: a directory that the user named, TensorFlow's wheel, or the package's own binary. */
export type EngineSource = 'named' | 'wheel' | 'prebuilt';

/** A directory that holds `tfjs_binding.node` and, unless linked elsewhere, `lib/`. */
export interface EngineLocation {
  directory: string;
  source: EngineSource;
  /** One clause for people: why this engine and no other. */
  because: string;
  manifest?: EngineManifest;
}

/** What `engine.json` says of a provisioned engine. */
export interface EngineManifest {
  format: 1;
  source: EngineSource;
  /** TensorFlow's version, as the library reported it when the engine was made. */
  version: string;
  variant: 'cpu' | 'gpu';
  /** `linux-x64` */
  system: string;
  /** What it was made from: files with their SHA-256, or the directory it was made against. */
  from: ({ file: string; sha256: string } | { directory: string })[];
  /** Files of the directory with their sizes in bytes. */
  files: { file: string; bytes: number }[];
  /** How the binding was made; null where it came ready-made. */
  compiled: { compiler: string; command: string } | null;
  /** When, as ISO 8601. */
  made: string;
}

export function isEngineDirectory(directory: string): boolean {
  return existsSync(join(directory, bindingFile));
}

/** The manifest of a provisioned engine; undefined where there is none or it cannot be read. */
export function readManifest(directory: string): EngineManifest | undefined {
  try {
    const manifest = JSON.parse(readFileSync(join(directory, manifestFile), 'utf8')) as EngineManifest;
    return manifest.format === 1 ? manifest : undefined;
  } catch {
    return undefined;
  }
}

/** True where each file that the manifest lists is there in its size. */
export function isWhole(directory: string, manifest: EngineManifest): boolean {
  return manifest.files.every(({ file, bytes }) => {
    const path = join(directory, file);
    const found = statSync(path, { throwIfNoEntry: false });
    return found !== undefined && (lstatSync(path).isSymbolicLink() || found.size === bytes);
  });
}
