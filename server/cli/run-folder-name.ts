import { join } from 'node:path';
import { homeDirectory } from '../home.ts';

/** A new folder for a run that nobody named: `<home>/runs/2026-01-31T12-00-00-dual-model`. */
export function runFolderName(graph: string, now: Date = new Date()): string {
  const time = now.toISOString().slice(0, 19).replaceAll(':', '-');
  const name = graph.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'graph';
  return join(homeDirectory(), 'runs', `${time}-${name}`);
}
