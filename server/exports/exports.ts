import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { glob } from 'tinyglobby';
import { StillroomError } from '../../plugins/sdk/index.ts';
import type { PackSource } from '../plugins/plugin-entry.ts';
import { sendOnErrand, type Errand } from '../processes/errand.ts';
import type { ExportedFile } from './export-folder.ts';
import type { ExportOrder } from './export-process.ts';

export interface ExportsOptions {
  home: string;
  packs: () => PackSource;
  /** How long an exporter may take, s. */
  patience?: number;
}

const usualPatience = 600;

/** Exports that a server is asked for: each is written by a process of its own into the home, where it is kept until the next of its kind. */
export class Exports {
  readonly #options: ExportsOptions;
  readonly #atWork = new Map<string, Errand<ExportedFile[]>>();

  constructor(options: ExportsOptions) {
    this.#options = options;
  }

  /** Folder of an export. */
  folder(run: string, exporter: string): string {
    return join(this.#options.home, 'exports', encodeURIComponent(run), encodeURIComponent(exporter));
  }

  /**
   * Throws `export-at-work` where the same is being written, `export-timeout`, `export-failed` where its process ended, and
   * what `exportRun` throws.
   */
  async start(run: { id: string; folder: string }, exporter: string, category?: string): Promise<ExportedFile[]> {
    const out = this.folder(run.id, exporter);
    if (this.#atWork.has(out)) throw new StillroomError('export-at-work', `expected an export that nobody writes, found that "${exporter}" is at work on this run`, { hint: 'wait for it' });
    const { packs, patience = usualPatience } = this.#options;
    const order: ExportOrder = { packs: packs(), run: run.folder, exporter, out, ...(category === undefined ? {} : { category }) };
    const sent = sendOnErrand<ExportOrder, never, ExportedFile[]>(new URL('./export-process.ts', import.meta.url), order);
    this.#atWork.set(out, sent);
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      sent.cancel();
    }, patience * 1000);
    try {
      return await sent.done;
    } catch (error) {
      if (isLate) throw new StillroomError('export-timeout', `exporter "${exporter}": expected it to be done within ${patience} s, found that it was not: its process was ended`, { hint: `report it to the authors of "${exporter}"`, cause: error });
      if (error instanceof StillroomError && error.code === 'process-ended') {
        throw new StillroomError('export-failed', `exporter "${exporter}": ${error.message}`, { hint: `report it to the authors of "${exporter}"`, cause: error });
      }
      throw error;
    } finally {
      // What a process that was ended has begun.
      const begun = await glob(`.${basename(out).replaceAll(/[^\w%.-]/g, '?')}-*`, { cwd: dirname(out), onlyFiles: false, onlyDirectories: true, dot: true, absolute: true, expandDirectories: false, deep: 1 }).catch(() => []);
      for (const folder of begun) await rm(folder, { recursive: true, force: true });
      clearTimeout(timer);
      this.#atWork.delete(out);
    }
  }

  close(): void {
    for (const errand of this.#atWork.values()) errand.cancel();
  }
}
