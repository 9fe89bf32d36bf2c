import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { StillroomError, type Problem } from '../../plugins/sdk/index.ts';
import type { Registry } from '../graph/registry.ts';
import type { CategoryMetrics } from './category-metrics.ts';
import { cautionsOf } from './cautions-of.ts';
import { compareGraphs, differing, type Difference } from './compare-graphs.ts';
import { epochsOf } from './params-as-run.ts';
import { readRun, type RunRecord } from './run-record.ts';
import { overCategories, spreadOf, type OwnFigures, type Spread } from './seeds-spread.ts';
import { summaryName } from './seeds.ts';

export interface ComparedRun {
  /** Its folder. */
  run: string;
  /** The shortest end of its path that tells it from the others. */
  name: string;
  graph: string;
  seed: number;
  /** Hash of the images. */
  data: string | null;
  /** What its weights permit one to conclude of its figures, where that is limited. */
  cautions: string[];
  metrics: Record<string, Partial<CategoryMetrics>>;
  /** Over the categories that all runs have. */
  mean: OwnFigures;
}

/** Runs that differ in their seed alone. */
export interface SeedGroup extends Omit<Spread, 'runs'> {
  /** Names of its runs. */
  runs: string[];
  seeds: number[];
}

export interface Comparison {
  runs: ComparedRun[];
  /** Every category that a run has measured, and those that all have. */
  categories: string[];
  common: string[];
  groups: SeedGroup[];
  /** What is not the same in all runs, in their settings or in what their graphs compute; values in the order of `runs`. */
  differences: (Difference & { of: 'settings' | 'graph' })[];
  warnings: Problem[];
}

/**
 * Sets finished runs beside one another. A folder of several seeds stands for its runs. `titles` are what people call
 * them, used where that tells each from the others. Throws `not-a-run`, `run-folder-corrupt`, and `run-unfinished` for
 * a run that has no result yet.
 */
export async function compareRuns(paths: readonly string[], registry: Registry, titles: readonly string[] = []): Promise<Comparison> {
  const folders = [...new Set((await Promise.all(paths.map(runsOf))).flat())];
  const records = await Promise.all(folders.map(readRun));
  for (const record of records) mustBeFinished(record);
  const names = new Set(titles).size === folders.length ? titles : distinctNames(folders);
  const categories = [...new Set(records.flatMap(({ metrics }) => Object.keys(metrics)))];
  const common = categories.filter((name) => records.every(({ metrics }) => Object.hasOwn(metrics, name)));
  const runs = records.map(({ path, manifest, metrics }, i): ComparedRun => ({
    run: path,
    name: names[i]!,
    graph: manifest.graph.name,
    seed: manifest.seed,
    data: manifest.data?.sha256 ?? null,
    cautions: cautionsOf(manifest.weights ?? []),
    metrics,
    mean: overCategories(common.map((name) => metrics[name]!)),
  }));
  const inSettings = differing(records.map((record) => settings(record, registry))).map((one) => ({ ...one, of: 'settings' as const }));
  const inGraphs = compareGraphs(records.map(({ graph }) => graph), registry, records.map(({ manifest }) => manifest.overrides?.epochs ?? null)).map((one) => ({ ...one, of: 'graph' as const }));
  return {
    runs,
    categories,
    common,
    groups: groupBySeed(records, names),
    differences: [...inSettings, ...inGraphs],
    warnings: warnings(records, names, common),
  };
}

const summarySchema = z.object({ runs: z.array(z.object({ run: z.string() })) });

async function runsOf(path: string): Promise<string[]> {
  const folder = resolve(path);
  const file = join(folder, summaryName);
  if (existsSync(join(folder, 'manifest.json')) || !existsSync(file)) return [folder];
  try {
    return summarySchema.parse(JSON.parse(await readFile(file, 'utf8'))).runs.map(({ run }) => join(folder, basename(run)));
  } catch (cause) {
    throw new StillroomError('run-folder-corrupt', 'expected the summary of several seeds, found something else', {
      file,
      hint: 'name the folders of its runs instead',
      cause,
    });
  }
}

function mustBeFinished({ path, manifest: { status } }: RunRecord): void {
  if (status === 'done') return;
  const found = status === 'running' ? 'one that is not finished' : `one that ${status === 'failed' ? 'failed' : 'was cancelled'}`;
  throw new StillroomError('run-unfinished', `expected a finished run, found ${found}`, {
    file: path,
    hint: 'run the same command again to go on with it, or leave it out',
  });
}

/** Everything but graph and figures that may differ, in words. */
function settings({ manifest, graph }: RunRecord, registry: Registry): Map<string, string> {
  const { data, engine, machine, weights = [], overrides } = manifest;
  const facts = new Map<string, string>([
    ['seed', String(manifest.seed)],
    ['graph', manifest.graph.name],
    ['epochs', overrides?.epochs ? String(overrides.epochs) : graph ? epochsOf(graph, registry).join(', ') : 'as the graph says'],
  ]);
  if (data) facts.set('data', data.sha256);
  for (const { node, name, sha256 } of weights) facts.set(`weights of ${node}`, `${name} (${sha256.slice(0, 12)})`);
  if (engine) facts.set('engine', `TensorFlow ${engine.version}, ${engine.device}, ${engine.mode}`);
  if (machine) facts.set('machine', `${machine.processor}, ${machine.cores} cores`);
  if (manifest.stillroom) facts.set('Stillroom', manifest.stillroom);
  if (!graph) facts.set('graph document', 'missing');
  return facts;
}

/** Equal for runs that differ in their seed alone. */
function keyOf({ manifest }: RunRecord): string {
  const { graph, data, engine, weights = [], overrides, stillroom } = manifest;
  const used = weights.map(({ node, sha256 }) => [node, sha256]);
  return JSON.stringify([graph.logic, data?.sha256, used, overrides?.epochs, engine?.version, engine?.device, engine?.mode, stillroom]);
}

function groupBySeed(records: readonly RunRecord[], names: readonly string[]): SeedGroup[] {
  const keys = records.map(keyOf);
  return [...new Set(keys)].flatMap((key) => {
    const places = keys.flatMap((other, i) => (other === key ? [i] : []));
    const seeds = places.map((i) => records[i]!.manifest.seed);
    // The same seed twice is one run, copied or done again: no sample of anything.
    if (places.length < 2 || new Set(seeds).size < seeds.length) return [];
    const { metrics, spread, overall } = spreadOf(places.map((i) => records[i]!.metrics));
    return [{ runs: places.map((i) => names[i]!), seeds, metrics, spread, overall }];
  });
}

function warnings(records: readonly RunRecord[], names: readonly string[], common: readonly string[]): Problem[] {
  const problems: Problem[] = [];
  const hashes = new Set(records.map(({ manifest }) => manifest.data?.sha256));
  if (hashes.size > 1) {
    problems.push({
      code: 'data-differs',
      severity: 'warning',
      message: `expected runs on the same images, found ${hashes.size} different sets: their figures are not comparable`,
      hint: 'compare runs with the same hash of data',
    });
  }
  const partial = names.filter((_, i) => Object.keys(records[i]!.metrics).length > common.length);
  if (partial.length > 0) {
    problems.push({
      code: 'categories-differ',
      severity: 'warning',
      message: `expected runs of the same categories, found others in ${partial.join(', ')}: ${common.length ? `means are over what all have: ${common.join(', ')}` : 'they have none in common, so there is no mean'}`,
    });
  }
  return problems;
}

/** `seed-1` where that is enough, else `bottle/seed-1`. */
function distinctNames(folders: readonly string[]): string[] {
  const parts = folders.map((folder) => folder.split(/[/\\]/).filter(Boolean));
  const ending = (i: number, n: number): string => parts[i]!.slice(-n).join('/');
  return folders.map((_, i) => {
    let n = 1;
    while (n < parts[i]!.length && folders.some((__, j) => j !== i && ending(j, n) === ending(i, n))) n++;
    return ending(i, n);
  });
}
