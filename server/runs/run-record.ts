import { readdir, readFile } from 'node:fs/promises';
import { relative, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { StillroomError, type SinkReport } from '../../plugins/sdk/index.ts';
import type { GraphDocument } from '../graph/document.ts';
import { parseGraph } from '../graph/parse.ts';
import type { EpochRecord } from '../runtime/events.ts';
import type { CategoryMetrics } from './category-metrics.ts';
import type { Manifest } from './manifest.ts';
import { mapPath } from './map-path.ts';
import { RunFolder } from './run-folder.ts';
import { hintOfSeeds } from './seed-folders.ts';

/** What a run folder tells, whole or not: a run that still works, or one of an earlier version. */
export interface RunRecord {
  path: string;
  manifest: RecordedManifest;
  graph: GraphDocument | null;
  /** By category; empty before the first is measured. */
  metrics: Record<string, Partial<CategoryMetrics>>;
  categories: CategoryRecord[];
  /** What is not there, or cannot be read, a sentence each. */
  missing: string[];
}

/** Of a manifest, what every version has written; what a later one added may be absent. */
export type RecordedManifest = Pick<Manifest, 'status' | 'started' | 'seed' | 'graph' | 'identity'> & Partial<Manifest>;

export interface CategoryRecord {
  name: string;
  fits: FitRecord[];
  /** By the name of the result; null before it is measured. */
  reports: Record<string, SinkReport> | null;
  scores: ScoredImage[] | null;
  /** Drawn maps, by the file of their image. */
  maps: ReadonlyMap<string, string>;
}

export interface FitRecord {
  fit: string;
  epochs: EpochRecord[];
}

/** One test image with its raw scores, by result; `<name>.max` is the maximum of a map. */
export interface ScoredImage {
  file: string;
  defect: string;
  anomalous: boolean;
  scores: Record<string, number>;
}

const manifestSchema = z.looseObject({
  status: z.enum(['running', 'done', 'failed', 'cancelled']),
  started: z.string(),
  seed: z.number(),
  identity: z.string(),
  graph: z.looseObject({ name: z.string(), logic: z.string() }),
});

/** Reads a run folder. Throws `not-a-run` where none is, `run-folder-corrupt`; all else that lacks is told in `missing`. */
export async function readRun(path: string): Promise<RunRecord> {
  const folder = new RunFolder(path);
  const manifest = await readManifest(folder);
  const missing: string[] = [];
  const read = async <T>(file: string, what: string, parseText: (text: string) => T): Promise<T | null> => {
    const name = relative(path, file);
    try {
      return parseText(await readFile(file, 'utf8'));
    } catch (error) {
      const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT';
      missing.push(isAbsent ? `${what}: there is no ${name}` : `${what}: ${name} cannot be read`);
      return null;
    }
  };
  const graph = await read(folder.file('graph.json'), 'the graph', parseDocument);
  const fits = (await read(folder.file('metrics.jsonl'), 'losses', parseLog)) ?? new Map<string, FitRecord[]>();
  const metrics = (await read(folder.file('metrics.json'), 'metrics', parseRecord<CategoryMetrics>)) ?? {};
  const names = new Set([...Object.keys(manifest.data?.categories ?? {}), ...Object.keys(metrics), ...fits.keys()]);
  const categories: CategoryRecord[] = [];
  for (const name of names) {
    const of = (what: string): string => `${what} of ${name}`;
    const reports = await read(folder.categoryFile(name, 'reports.json'), of('curves'), parseReports);
    const scores = await read(folder.categoryFile(name, 'scores.csv'), of('scores'), parseScores);
    const maps = await findMaps(folder.categoryFile(name, 'maps'), name, scores ?? []);
    if (scores && maps.size === 0) missing.push(`${of('maps')}: there are none`);
    categories.push({ name, fits: fits.get(name) ?? [], reports, scores, maps });
  }
  return { path, manifest, graph, metrics, categories, missing };
}

/** Name of the result that is the graph's own verdict. */
const own = 'detection';

/** The result whose verdicts are shown: the graph's own, or the first that has any. */
export function shownResult({ reports }: CategoryRecord): string | null {
  if (!reports) return null;
  if (Object.hasOwn(reports, own)) return own;
  return Object.keys(reports).find((name) => typeof reports[name]!.metrics['threshold'] === 'number') ?? null;
}

/** Throws `not-a-run`, `run-folder-corrupt`. */
export async function readManifest(folder: RunFolder): Promise<RecordedManifest> {
  const file = folder.file('manifest.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const isAbsent = code === 'ENOENT' || code === 'ENOTDIR';
    throw new StillroomError('not-a-run', `expected a run folder, found ${isAbsent ? 'no manifest.json' : code} there`, {
      file: folder.path,
      hint: hintOfSeeds(folder.path) ?? 'name a folder that `stillroom run` has written',
      cause,
    });
  }
  try {
    return manifestSchema.parse(JSON.parse(text)) as RecordedManifest;
  } catch (cause) {
    throw new StillroomError('run-folder-corrupt', 'expected the manifest of a run, found something else', {
      file,
      hint: 'run the same command again in an empty folder',
      cause,
    });
  }
}

function parseDocument(text: string): GraphDocument {
  const { document, problems } = parseGraph(text);
  if (!document) throw new Error(problems[0]?.message);
  return document;
}

function parseRecord<T>(text: string): Record<string, T> {
  return z.record(z.string(), z.looseObject({})).parse(JSON.parse(text)) as Record<string, T>;
}

const reportsSchema = z.object({ reports: z.record(z.string(), z.looseObject({ metrics: z.record(z.string(), z.number().nullable()), notes: z.array(z.string()) })) });

function parseReports(text: string): Record<string, SinkReport> {
  return reportsSchema.parse(JSON.parse(text)).reports as unknown as Record<string, SinkReport>;
}

function parseScores(text: string): ScoredImage[] {
  const rows = parse(text, { columns: true }) as Record<string, string>[];
  return rows.map(({ file = '', defect = '', anomalous, ...scores }) => ({
    file,
    defect,
    anomalous: anomalous === 'true',
    scores: Object.fromEntries(Object.entries(scores).flatMap(([name, score]) => (score === '' ? [] : [[name, Number(score)]]))),
  }));
}

/** The epochs of each fit by category. A line that a killed process left half-written ends the log. */
function parseLog(text: string): Map<string, FitRecord[]> {
  const categories = new Map<string, FitRecord[]>();
  for (const line of text.split('\n')) {
    const event = parseLine(line);
    if (event?.type !== 'epoch') continue;
    const fits = categories.get(event.category) ?? [];
    categories.set(event.category, fits);
    const known = fits.find(({ fit }) => fit === event.fit);
    if (known) known.epochs.push(event);
    else fits.push({ fit: event.fit, epochs: [event] });
  }
  return categories;
}

function parseLine(line: string): ({ type: string; category: string; fit: string } & EpochRecord) | null {
  try {
    return JSON.parse(line) as ReturnType<typeof parseLine>;
  } catch {
    return null;
  }
}

/** Pictures of maps by image. */
async function findMaps(folder: string, category: string, images: readonly ScoredImage[]): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = new Set(entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)));
  const found = new Map<string, string>();
  for (const { file } of images) {
    const map = join(folder, ...mapPath(file, category).split('/'));
    if (files.has(map)) found.set(file, map);
  }
  return found;
}
