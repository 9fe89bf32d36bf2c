import type { Watcher } from '../documents/store.ts';
import type { Topics } from '../live/topics.ts';

/** Publishes what happens to graphs: of each its newest revision as `graphs/ID`, and as `graphs` that the list is another. */
export function tellOfGraphs(topics: Topics): Watcher {
  let version = 0;
  const listChanged = (): void => topics.publish('graphs', { version: ++version });
  return {
    changed({ id, revision, modified }, by) {
      topics.publish(`graphs/${id}`, { revision, modified, by });
      listChanged();
    },
    removed(id) {
      topics.end(`graphs/${id}`);
      listChanged();
    },
  };
}
