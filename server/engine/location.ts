import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** File of an engine directory that `tfjs-node` loads. */
export const bindingFile = 'tfjs_binding.node';
/** File of an engine directory that says what is in it; written last, so a directory that has one is whole. */
export const manifestFile = 'engine.json';

/** Where an engine comes from. */
export type EngineSource = 'named' | 'wheel' | 'prebuilt';

/** A directory that holds `tfjs_binding.node` and, unless another is linked into it, `lib/`. */
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
  /** TensorFlow's version. */
  version: string;
  variant: 'cpu' | 'gpu';
  platform: string;
  /** The files it was made from, with their SHA-256. */
  from: { file: string; sha256: string }[];
  /** Files kept of them, relative to the directory, with their sizes in bytes. */
  files: { file: string; bytes: number }[];
  /** How the binding was made: the compiler's first line of `--version` and the command, or null for a prebuilt one. */
  compiled: { compiler: string; command: string } | null;
  made: string;
}

export function isEngineDirectory(directory: string): boolean {
  return existsSync(join(directory, bindingFile));
}

/** The manifest of a provisioned engine; undefined where there is none (a directory that somebody made by hand). */
export function readManifest(directory: string): EngineManifest | undefined {
  try {
    return JSON.parse(readFileSync(join(directory, manifestFile), 'utf8')) as EngineManifest;
  } catch {
    return undefined;
  }
}
