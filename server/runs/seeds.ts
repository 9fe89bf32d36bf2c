import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StillroomError } from '../../plugins/sdk/index.ts';
import { asWriteError, isLeftover, writeFileAtomically } from '../atomic-file.ts';
import { run, type RunRequest, type RunResult } from './run.ts';
import { isSeedFolderName, seedFolderName } from './seed-folders.ts';
import { spreadOf, type Spread } from './seeds-spread.ts';

/** One run for each of several seeds, and what they have in common. */
export interface SeedsResult extends Omit<Spread, 'runs'> {
  /** Folder of them all. */
  run: string;
  graph: string;
  runs: SeedRun[];
}

export interface SeedRun extends Pick<RunResult, 'metrics' | 'timings'> {
  seed: number;
  /** Its folder, an ordinary one of a run. */
  run: string;
}

export const summaryName = 'summary.json';

/**
 * Runs a graph with so many seeds from the request's on, each in a folder of its own in `out`, and writes their mean and
 * spread beside them. The same call again goes on where it stopped; more seeds may be asked for later. Throws what `run`
 * throws, and `run-folder-taken` where `out` holds anything else.
 */
export async function runSeeds(request: RunRequest, seeds: number, begun: (seed: number, index: number) => void = () => {}): Promise<{ result: SeedsResult; last: RunResult }> {
  await mustBeOfSeeds(request.out);
  const runs: SeedRun[] = [];
  let last: RunResult | undefined;
  for (let i = 0; i < seeds; i++) {
    const seed = request.seed + i;
    begun(seed, i + 1);
    last = await run({ ...request, seed, out: join(request.out, seedFolderName(seed)) });
    runs.push({ seed, run: last.run, metrics: last.metrics, timings: last.timings });
  }
  const { metrics, spread, overall } = spreadOf(runs.map((one) => one.metrics));
  const result = { run: request.out, graph: request.document.name, metrics, spread, overall, runs };
  const text = `${JSON.stringify({ ...result, runs: runs.map((one) => ({ ...one, run: seedFolderName(one.seed) })) }, null, 2)}\n`;
  await writeFileAtomically(join(request.out, summaryName), (handle) => handle.writeFile(text));
  return { result, last: last! };
}

/** A folder of seeds holds nothing but their runs, and what is told of them. */
async function mustBeOfSeeds(out: string): Promise<void> {
  const entries = await readdir(out).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [];
    throw asWriteError(cause, out);
  });
  const other = entries.find((name) => !isSeedFolderName(name) && name !== summaryName && !isLeftover(name));
  if (other === undefined) return;
  const found = existsSync(join(out, 'manifest.json')) ? 'a run with one seed' : `a file that is none: ${other}`;
  throw new StillroomError('run-folder-taken', `expected an empty folder or runs of several seeds, found ${found}`, {
    file: out,
    hint: 'choose another --out',
  });
}
