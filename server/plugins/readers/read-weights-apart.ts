import type { Pack, WeightArray, WeightReader } from '../../../plugins/sdk/index.ts';
import { StillroomError } from '../../../plugins/sdk/problem.ts';
import { sendOnErrand } from '../../processes/errand.ts';
import type { PluginEntry } from '../plugin-entry.ts';
import type { ReaderOrder } from './reader-process.ts';

/** What a reader may take for a file, ms. */
const usualLimit = 120_000;

/** The packs of a plugin with readers of weights whose `read` runs in a process of its own, which is ended where it does not return. */
export function withReadersApart(entry: PluginEntry, packs: readonly Pack[], { limit = usualLimit }: { limit?: number } = {}): Pack[] {
  return packs.map((pack) => (pack.weightReaders ? { ...pack, weightReaders: pack.weightReaders.map((reader) => apart(entry, reader, limit)) } : pack));
}

function apart(entry: PluginEntry, reader: WeightReader, limit: number): WeightReader {
  return {
    name: reader.name,
    title: reader.title,
    extensions: reader.extensions,
    recognises: (start) => reader.recognises(start),
    async read({ path }) {
      const order: ReaderOrder = { entry, reader: reader.name, path };
      const errand = sendOnErrand<ReaderOrder, never, ReadonlyMap<string, WeightArray>>(new URL('./reader-process.ts', import.meta.url), order);
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        errand.cancel();
      }, limit);
      try {
        return await errand.done;
      } catch (error) {
        if (isLate) throw new Error(`it did not return within ${limit / 1000} s`, { cause: error });
        if (error instanceof StillroomError && error.code === 'process-ended') throw new Error(`it ended its process (${error.message.split(': ').at(-1)!})`, { cause: error });
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
