import type { WeightArray } from '../../../plugins/sdk/index.ts';
import { doErrand } from '../../processes/errand.ts';
import { readByReader } from '../../weights/read-by-reader.ts';
import { loadPlugin } from '../load.ts';
import type { PluginEntry } from '../plugin-entry.ts';

/** What a process that reads weights by a reader of a plugin is ordered. */
export interface ReaderOrder {
  entry: PluginEntry;
  /** Its name. */
  reader: string;
  /** Of the file. */
  path: string;
}

doErrand<ReaderOrder, never, ReadonlyMap<string, WeightArray>>(async ({ entry, reader: wanted, path }) => {
  const { packs } = await loadPlugin(entry);
  const reader = packs.flatMap(({ weightReaders = [] }) => weightReaders).find(({ name }) => name === wanted);
  if (!reader) throw new Error(`expected the reader "${wanted}" in ${entry.name}, found none`);
  return readByReader(reader, path);
});
