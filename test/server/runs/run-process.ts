import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { loadEngine } from '../../../server/engine/load.ts';
import type { RunEvent } from '../../../server/runtime/events.ts';
import { run } from '../../../server/runs/run.ts';
import { trialRequest } from './trial-request.ts';

/**
 * A run in a process of its own, which dies by SIGKILL: when an event of this type is told for the nth time, or while
 * the nth file whose name begins so is written, half of it being on the disk. Without a death it says when it has its
 * folder, and whoever started it kills it.
 */
export type Death = { event: RunEvent['type']; nth: number } | { file: string; nth: number; when: 'half' | 'whole' };

const { data, out, engine, death } = JSON.parse(process.argv[2] ?? '{}') as { data: string; out: string; engine: string; death: Death | null };
const die = (): void => void process.kill(process.pid, 'SIGKILL');

let seen = 0;
if (death && 'file' in death) {
  const { open } = fs;
  fs.open = async (...args) => {
    const handle = await open(...args);
    if (!String(args[0]).includes(`/.${death.file}`) || ++seen !== death.nth) return handle;
    if (death.when === 'whole') handle.sync = async () => die();
    const writev = async (chunks: readonly NodeJS.ArrayBufferView[]) => {
      const all = Buffer.concat(chunks.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)));
      if (death.when === 'whole') {
        await handle.write(all);
        return { bytesWritten: all.length, buffers: [...chunks] };
      }
      await handle.write(all.subarray(0, all.length / 2));
      die();
      return { bytesWritten: 0, buffers: [] };
    };
    handle.writev = writev as unknown as typeof handle.writev;
    return handle;
  };
  syncBuiltinESMExports();
}

await run(
  trialRequest(() => loadEngine({ directory: engine }), {
    data,
    out,
    emit({ type }) {
      if (type === 'category') process.send?.('begun');
      if (death && 'event' in death && type === death.event && ++seen === death.nth) die();
    },
  }),
);
// The channel to the parent would keep the process.
process.disconnect?.();
