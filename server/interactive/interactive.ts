import { join } from 'node:path';
import pLimit from 'p-limit';
import type { Logger } from 'pino';
import { cacheDirectory, environmentOf } from '../home.ts';
import type { Fault } from '../plugins/host/messages.ts';
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
  /** Seconds that code of a plugin's node may take at a time. */
  pluginSeconds?: number;
}

export const keptOfPredictions = { files: 20_000, bytes: 2 ** 31 };
const keptOfUploads = { files: 256, bytes: 2 ** 30 };
const usual = { idleMinutes: 10, patienceSeconds: 120, pluginSeconds: 30 };

export interface InteractiveOptions extends InteractiveSettings {
  home: string;
  /** The node packs of the process that computes. */
  packs(): PackSource;
  /** Told of a plugin whose code has held up or ended the process that computes. */
  onFault?(fault: Fault): void;
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

  constructor({ home, packs, onFault, log, ...settings }: InteractiveOptions) {
    const { idleMinutes, patienceSeconds, pluginSeconds } = { ...usual, ...settings };
    const cache = cacheDirectory();
    this.worker = new WorkerProcess({
      module: new URL('./worker.ts', import.meta.url),
      env: () => environmentOf(home),
      packs,
      ...(onFault ? { onFault } : {}),
      idle: idleMinutes * 60_000,
      patience: patienceSeconds * 1000,
      pluginPatience: pluginSeconds * 1000,
      log,
    });
    this.previews = new PreviewQueue(this.worker);
    this.predictions = new KeptFolders(join(cache, 'predictions'), keptOfPredictions);
    this.uploads = new KeptFolders(join(cache, 'preview-images'), keptOfUploads);
  }

  /** Ends the process that computes. */
  async close(): Promise<void> {
    await this.worker.close();
  }
}
