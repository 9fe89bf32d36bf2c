import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { StillroomError, type Problem } from '../../plugins/sdk/problem.ts';
import type { LayoutSource } from '../plugins/layouts/layout-sources.ts';
import { sendOnErrand, type Errand } from '../processes/errand.ts';
import { sentError } from '../sent-error.ts';
import type { DatasetRecord } from './dataset-store.ts';
import type { Scan } from './scan.ts';
import type { ScanOrder, ScanProgress } from './scan-process.ts';

export interface ScanState {
  state: 'none' | 'waiting' | 'scanning' | 'done' | 'failed' | 'cancelled';
  /** Files looked at, and how many there are. */
  progress?: ScanProgress;
  /** How many images there are, once they were looked at. */
  images?: number;
  problem?: Problem;
}

interface Job {
  errand?: Errand<void>;
  isCancelled: boolean;
  over: Promise<void>;
}

/** Scans of large datasets take memory: so many are kept to be asked again. */
const mostKept = 4;

/** Scans datasets, one after another, each in a process of its own, and keeps what was found on disk. */
export class Scans {
  readonly #folder: string;
  readonly #onChange: (id: string, state: ScanState) => void;
  readonly #layouts: () => readonly LayoutSource[];
  readonly #turn = pLimit(1);
  readonly #jobs = new Map<string, Job>();
  readonly #states = new Map<string, ScanState>();
  readonly #kept = new Map<string, { scan: Scan; written: number }>();

  /** `folder` may be emptied at any time: scans can be made again. `layouts` are those of plugins that are in use. */
  constructor(folder: string, onChange: (id: string, state: ScanState) => void = () => {}, layouts: () => readonly LayoutSource[] = () => []) {
    this.#folder = folder;
    this.#onChange = onChange;
    this.#layouts = layouts;
  }

  async state(id: string): Promise<ScanState> {
    const known = this.#states.get(id);
    // Whoever empties the cache takes what was done away.
    if (known && known.state !== 'done') return known;
    return this.#found(id);
  }

  async #found(id: string): Promise<ScanState> {
    const scan = await this.find(id);
    return scan ? { state: 'done', images: scan.images.length } : { state: 'none' };
  }

  /** Begins a scan, unless one goes on. Where nothing has changed since the last one, that stays, unless it is to be made `again`. */
  start({ id, path }: DatasetRecord, again = false): ScanState {
    if (!this.#jobs.has(id)) {
      const job: Job = { isCancelled: false, over: Promise.resolve() };
      this.#jobs.set(id, job);
      this.#become(id, { state: 'waiting' });
      job.over = this.#turn(() => this.#scan(id, path, again, job)).then(
        async () => this.#end(id, job.isCancelled ? { state: 'cancelled' } : await this.#found(id)),
        (error: unknown) => this.#end(id, job.isCancelled ? { state: 'cancelled' } : { state: 'failed', problem: sentError(error).problems[0]! }),
      );
    }
    return this.#states.get(id)!;
  }

  /** Ends a scan that goes on; an earlier one stays. */
  async cancel(id: string): Promise<void> {
    const job = this.#jobs.get(id);
    if (!job) return;
    job.isCancelled = true;
    job.errand?.cancel();
    await job.over;
  }

  /** What the last scan found. Throws `not-scanned`. */
  async result(id: string): Promise<Scan> {
    const scan = await this.find(id);
    if (scan) return scan;
    throw new StillroomError('not-scanned', 'expected a dataset whose images were looked at, found one that was not', {
      hint: `POST /api/datasets/${id}/scan, and wait for it`,
    });
  }

  /** Undefined where there is none that can be read. */
  async find(id: string): Promise<Scan | undefined> {
    const file = this.#file(id);
    const written = (await stat(file).catch(() => undefined))?.mtimeMs;
    if (written === undefined) return undefined;
    const known = this.#kept.get(id);
    if (known?.written === written) return known.scan;
    const scan = parsed(await readFile(file, 'utf8').catch(() => ''));
    if (!scan) return undefined;
    this.#kept.delete(id);
    this.#kept.set(id, { scan, written });
    if (this.#kept.size > mostKept) this.#kept.delete(this.#kept.keys().next().value!);
    return scan;
  }

  async forget(id: string): Promise<void> {
    await this.cancel(id);
    this.#states.delete(id);
    this.#kept.delete(id);
    await rm(this.#file(id), { force: true });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#jobs.keys()].map((id) => this.cancel(id)));
  }

  async #scan(id: string, root: string, again: boolean, job: Job): Promise<void> {
    if (job.isCancelled) return;
    this.#become(id, { state: 'scanning' });
    const stamp = again ? undefined : (await this.find(id))?.stamp;
    const order: ScanOrder = { root, file: this.#file(id), layouts: this.#layouts(), ...(stamp === undefined ? {} : { stamp }) };
    job.errand = sendOnErrand(new URL('./scan-process.ts', import.meta.url), order, (progress: ScanProgress) => this.#become(id, { state: 'scanning', progress }));
    // Between the look at what there is and here.
    if (job.isCancelled) job.errand.cancel();
    await job.errand.done;
  }

  #end(id: string, state: ScanState): void {
    this.#jobs.delete(id);
    this.#become(id, state);
  }

  #become(id: string, state: ScanState): void {
    this.#states.set(id, state);
    this.#onChange(id, state);
  }

  #file(id: string): string {
    return join(this.#folder, `${id}.json`);
  }
}

/** The file is ours; one that is none of this version is made again. */
function parsed(text: string): Scan | undefined {
  try {
    const scan = JSON.parse(text) as Scan;
    return scan.format === 1 && Array.isArray(scan.images) && Array.isArray(scan.categories) ? scan : undefined;
  } catch {
    return undefined;
  }
}
