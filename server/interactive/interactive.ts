import { join } from 'node:path';
import pLimit from 'p-limit';
import type { Logger } from 'pino';
import { cacheDirectory, environmentOf } from '../home.ts';
import type { PackSource } from '../plugins/plugin-entry.ts';
import { KeptFolders } from './kept-folders.ts';
import { PictureShelf } from './picture-shelf.ts';
import { PreviewQueue } from './preview-queue.ts';
import { WorkerProcess } from './worker-process.ts';

export interface InteractiveSettings {
  /** Minutes without a request after which it is ended. */
  idleMinutes?: number;
  /** Seconds without a sign of it, while it owes an answer, after which it is killed. */
  patienceSeconds?: number;
}

export const keptOfPredictions = { files: 20_000, bytes: 2 ** 31 };
const keptOfUploads = { files: 256, bytes: 2 ** 30 };
const usual = { idleMinutes: 10, patienceSeconds: 120 };

export interface InteractiveOptions extends InteractiveSettings {
  home: string;
  /** The node packs of the process that computes. */
  packs(): PackSource;
  log: Logger;
}

/** What computes for whoever waits: previews of graphs, and predictions of finished runs. */
export class Interactive {
  readonly worker: WorkerProcess;
  readonly previews: PreviewQueue;
  /** One batch of images, and one map, at a time. */
  readonly batches = pLimit(1);
  readonly maps = pLimit(1);
  readonly pictures = new PictureShelf();
  /** What maps of predictions are drawn from, and images that were sent for them. */
  readonly predictions: KeptFolders;
  /** Images that were sent to be looked at. */
  readonly uploads: KeptFolders;

  constructor({ home, packs, log, ...settings }: InteractiveOptions) {
    const { idleMinutes, patienceSeconds } = { ...usual, ...settings };
    const cache = cacheDirectory();
    const env = (): Record<string, string> => ({ ...environmentOf(home), STILLROOM_PACKS: JSON.stringify(packs()) });
    this.worker = new WorkerProcess({ module: new URL('./worker.ts', import.meta.url), env, idle: idleMinutes * 60_000, patience: patienceSeconds * 1000, log });
    this.previews = new PreviewQueue(this.worker);
    this.predictions = new KeptFolders(join(cache, 'predictions'), keptOfPredictions);
    this.uploads = new KeptFolders(join(cache, 'preview-images'), keptOfUploads);
  }

  /** Ends the process that computes. */
  async close(): Promise<void> {
    await this.worker.close();
  }
}
