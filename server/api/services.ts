import type { Logger } from 'pino';
import type { Datasets } from '../datasets/datasets.ts';
import type { Roots } from '../datasets/roots.ts';
import type { ClientBuild } from '../client-build/client-build.ts';
import type { DocumentStore } from '../documents/store.ts';
import type { EngineKeeper } from '../engine/keeper.ts';
import type { Exports } from '../exports/exports.ts';
import type { Registry } from '../graph/registry.ts';
import type { Interactive } from '../interactive/interactive.ts';
import type { Topics } from '../live/topics.ts';
import type { PluginUploads } from '../plugins/plugin-uploads.ts';
import type { Plugins } from '../plugins/plugins.ts';
import type { RunQueue } from '../queue/run-queue.ts';
import type { Runs } from '../queue/runs.ts';
import type { WeightsShelf } from '../weights/shelf.ts';

/** What the routes of the API speak for; made once, when the server starts. */
export interface Services {
  version: string;
  /** What can be had now: others once plugins are added or switched off. */
  registry: Registry;
  plugins: Plugins;
  pluginUploads: PluginUploads;
  documents: DocumentStore;
  topics: Topics;
  roots: Roots;
  datasets: Datasets;
  engine: EngineKeeper;
  weights: WeightsShelf;
  queue: RunQueue;
  runs: Runs;
  exports: Exports;
  interactive: Interactive;
  /** Null where the editor is not served. */
  client: ClientBuild | null;
  log: Logger;
}
