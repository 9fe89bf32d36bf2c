import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../../plugins/sdk/index.ts';
import { readRun } from '../runs/run-record.ts';

/** How a run has ended whose worker outlived its server; null where it has not. */
export async function endedMeanwhile(folder: string): Promise<{ state: 'done' | 'failed'; problem: Problem | null } | null> {
  if (!existsSync(join(folder, 'manifest.json'))) return null;
  const { manifest } = await readRun(folder).catch(() => ({ manifest: null }));
  return manifest?.status === 'done' || manifest?.status === 'failed' ? { state: manifest.status, problem: manifest.problem ?? null } : null;
}
