import type { Logger } from 'pino';
import type { Roots } from '../datasets/roots.ts';
import type { DocumentStore } from '../documents/store.ts';
import type { EngineKeeper } from '../engine/keeper.ts';
import type { Registry } from '../graph/registry.ts';
import type { Topics } from '../live/topics.ts';

/** What the routes of the API speak for; made once, when the server starts. */
export interface Services {
  version: string;
  registry: Registry;
  documents: DocumentStore;
  topics: Topics;
  roots: Roots;
  engine: EngineKeeper;
  log: Logger;
}
