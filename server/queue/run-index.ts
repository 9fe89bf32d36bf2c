import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { z } from 'zod';
import type { Problem } from '../../plugins/sdk/index.ts';
import { writeFileAtomically } from '../atomic-file.ts';
import { cautionsOf } from '../runs/cautions-of.ts';
import { isFolderHeld } from '../runs/folder-lock.ts';
import { jobFile, lockName } from '../runs/run-folder.ts';
import { problemSchema } from './job.ts';
import type { JobStore } from './job-store.ts';

const figure = z.number().nullable();
export const figuresSchema = z.object({ imageAuroc: figure, pixelAuroc: figure, aupro: figure });

/** What the files of a run tell of it, in short. */
const recordedSchema = z.object({
  graph: z.string(),
  /** Hash of the graph's logic. */
  logic: z.string(),
  seed: z.number(),
  status: z.enum(['running', 'done', 'failed', 'cancelled']),
  started: z.string(),
  ended: z.string().nullable(),
  problem: problemSchema.nullable(),
  /** Hash of the images. */
  data: z.string().nullable(),
  /** What its weights permit one to conclude of its figures, where that is limited. */
  cautions: z.array(z.string()),
  /** By category. */
  metrics: z.record(z.string(), figuresSchema),
});
export type Recorded = z.output<typeof recordedSchema>;

/** A run as its folder has it. */
export interface Entry {
  /** Null before the run itself has written anything, and where its manifest cannot be read. */
  recorded: Recorded | null;
  /** Whether a process is at work in it. */
  isHeld: boolean;
  /** What of its files cannot be read. */
  problem: Problem | null;
}

const cachedSchema = z.object({ stamp: z.string(), recorded: recordedSchema.nullable(), problem: problemSchema.nullable(), isRun: z.boolean() });
type Cached = z.output<typeof cachedSchema>;

/** How long what was seen is believed, ms; and from when on who asks has it looked for anew without waiting. */
const fresh = 500;
const ageing = 300;
/** Folders that are looked at together. */
const atOnce = 32;
const indexFile = 'index.json';

/**
 * What the folders of runs tell in short, read again where their files have changed: people copy them here, delete
 * them, and edit what is in them. `index.json` spares a later start the reading; without it all is read anew.
 */
export class RunIndex {
  readonly #store: JobStore;
  #known: Map<string, Cached> | null = null;
  #entries = new Map<string, Entry>();
  #seen = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | null = null;
  #writing = Promise.resolve();

  constructor(store: JobStore) {
    this.#store = store;
  }

  /** By id. */
  async entries(): Promise<ReadonlyMap<string, Entry>> {
    const age = performance.now() - this.#seen;
    if (age > fresh) {
      do await this.#look();
      while (this.#seen === Number.NEGATIVE_INFINITY);
    } else if (age > ageing) void this.#look().catch(() => undefined);
    return this.#entries;
  }

  /** What was seen is believed no longer. */
  forget(): void {
    this.#seen = Number.NEGATIVE_INFINITY;
    this.#looking = null;
  }

  /** Waits until nothing of it is being read or written. */
  async settle(): Promise<void> {
    await this.#looking?.catch(() => undefined);
    await this.#writing;
  }

  /** One at a time; what a look has found that began before `forget` does not count. */
  #look(): Promise<void> {
    if (this.#looking) return this.#looking;
    const begun = performance.now();
    const looking = this.#find()
      .then((found) => {
        if (this.#looking !== looking) return;
        this.#entries = found;
        this.#seen = begun;
      })
      .finally(() => {
        if (this.#looking === looking) this.#looking = null;
      });
    return (this.#looking = looking);
  }

  async #find(): Promise<Map<string, Entry>> {
    const known = (this.#known ??= await this.#read());
    const ids = await this.#store.ids();
    const found = new Map<string, Entry>();
    let isChanged = known.size !== ids.length;
    const look = pLimit(atOnce);
    await look.map(ids, async (id) => {
      const folder = this.#store.folder(id);
      const stamp = await stampOf(folder);
      let cached = known.get(id);
      if (cached?.stamp !== stamp) {
        cached = { stamp, ...(await readFolder(folder)) };
        known.set(id, cached);
        isChanged = true;
      }
      const { recorded, problem, isRun } = cached;
      const isHeld = recorded?.status === 'running' && (await isFolderHeld(join(folder, lockName)));
      if (isRun) found.set(id, { recorded, isHeld, problem });
    });
    const there = new Set(ids);
    for (const id of known.keys()) if (!there.has(id)) known.delete(id);
    // Nobody waits for the disk.
    if (isChanged) this.#writing = this.#writing.then(() => this.#write(known));
    return found;
  }

  async #read(): Promise<Map<string, Cached>> {
    try {
      const text = await readFile(join(this.#store.root, indexFile), 'utf8');
      return new Map(Object.entries(z.record(z.string(), cachedSchema).parse(JSON.parse(text))));
    } catch {
      return new Map();
    }
  }

  async #write(known: ReadonlyMap<string, Cached>): Promise<void> {
    const text = `${JSON.stringify(Object.fromEntries(known), null, 1)}\n`;
    // It only spares work: a disk without room for it is told of where it matters.
    await writeFileAtomically(join(this.#store.root, indexFile), (handle) => handle.writeFile(text)).catch(() => undefined);
  }
}

/** Changes whenever one of the files is written that an entry is read from, or any comes or goes. */
async function stampOf(folder: string): Promise<string> {
  const stamps = await Promise.all(
    ['', 'manifest.json', 'metrics.json'].map(async (name) => {
      const found = await stat(join(folder, name), { bigint: true }).catch(() => null);
      return found ? `${found.ino} ${found.size} ${found.mtimeNs}` : '';
    }),
  );
  return stamps.join('|');
}

const manifestSchema = z.looseObject({
  status: recordedSchema.shape.status,
  started: z.string(),
  ended: z.string().nullable().default(null),
  seed: z.number(),
  problem: problemSchema.nullable().default(null),
  graph: z.looseObject({ name: z.string(), logic: z.string() }),
  data: z.looseObject({ sha256: z.string() }).optional(),
  weights: z.array(z.looseObject({ caution: z.string().nullish() })).default([]),
});
const metricsSchema = recordedSchema.shape.metrics;

async function readFolder(folder: string): Promise<Omit<Cached, 'stamp'>> {
  const { recorded, problem: unreadable } = await readRecorded(folder);
  const problem = unreadable ?? (await brokenJob(folder));
  // A folder without any run in it is none of ours.
  return { recorded, problem, isRun: recorded !== null || problem !== null || (await exists(join(folder, jobFile))) };
}

async function readRecorded(folder: string): Promise<{ recorded: Recorded | null; problem: Problem | null }> {
  const manifest = await readPart(join(folder, 'manifest.json'), 'the manifest', manifestSchema);
  if (!manifest.found) return { recorded: null, problem: manifest.problem };
  const { found: metrics, problem: unreadable } = await readPart(join(folder, 'metrics.json'), 'the metrics', metricsSchema);
  const { graph, data, weights, status, started, ended, seed, problem } = manifest.found;
  return {
    recorded: { graph: graph.name, logic: graph.logic, seed, status, started, ended, problem, data: data?.sha256 ?? null, cautions: cautionsOf(weights), metrics: metrics ?? {} },
    problem: unreadable,
  };
}

/** What a file of a run tells; neither it nor a problem where there is no such file. */
async function readPart<T>(file: string, what: string, schema: z.ZodType<T>): Promise<{ found: T | null; problem: Problem | null }> {
  try {
    return { found: schema.parse(JSON.parse(await readFile(file, 'utf8'))), problem: null };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { found: null, problem: null };
    const message = `expected ${what} of a run, found ${typeof code === 'string' ? code : 'something else'}`;
    return { found: null, problem: { code: 'run-folder-corrupt', severity: 'error', message, file, hint: 'put back the file as it was, or remove the run' } };
  }
}

async function brokenJob(folder: string): Promise<Problem | null> {
  const names = await readdir(folder).catch(() => []);
  const broken = names.find((name) => name.startsWith(`${jobFile}.broken-`));
  if (broken === undefined) return null;
  return {
    code: 'job-broken',
    severity: 'warning',
    message: 'expected the record of what was asked for, found something else, which was set aside',
    file: join(folder, broken),
    hint: 'the run itself is as it was; delete that file once you have seen it',
  };
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(() => true, () => false);
}
