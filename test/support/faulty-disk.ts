import fs from 'node:fs';
import promises, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

/**
 * `full`: from this step on nothing that takes room can be done; what frees room can.
 * `killed`: this step is done by half, as far as it has halves, and nothing at all after it, as if the process were gone.
 */
export type DiskFault = 'full' | 'killed';

export interface FaultyDisk {
  /** Steps that were begun below the folder: files made, written, synced, renamed, linked, removed. */
  readonly steps: number;
  /** Gives back the functions of Node's as they were. */
  mend(): void;
}

type Work = (...args: never[]) => unknown;
type Verb = 'open' | 'mkdir' | 'mkdirSync' | 'rename' | 'rm' | 'link' | 'appendFile';
const taking: readonly string[] = ['open', 'mkdir', 'mkdirSync', 'link', 'appendFile', 'write', 'writev', 'writeFile', 'sync'];

/** Makes Node's file functions fail below `folder` from the `nth` step on, counted from 1; 0 to count alone. */
export function faultyDisk(folder: string, nth: number, fault: DiskFault): FaultyDisk {
  let steps = 0;
  const verbs: readonly Verb[] = ['open', 'mkdir', 'rename', 'rm', 'link', 'appendFile'];
  const original = Object.fromEntries(verbs.map((verb) => [verb, promises[verb as 'open']]));
  const { mkdirSync } = fs;

  /** Whether the step fails, and how far it gets before it does. */
  const verdict = (verb: string): 'done' | 'half' | 'failed' => {
    steps++;
    if (nth === 0 || steps < nth) return 'done';
    if (fault === 'full') return taking.includes(verb) ? 'failed' : 'done';
    return steps === nth ? 'half' : 'failed';
  };
  const failure = (): Error =>
    fault === 'full' ? Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' }) : new Error('the process is gone');

  const wrapped = (verb: string, work: Work, self: unknown) => async (...args: never[]): Promise<unknown> => {
    const found = verdict(verb);
    if (found === 'done') return work.apply(self, args);
    // What cannot be done by half is done or not, by turns; of what is written the first half is on the disk.
    if (found === 'half' && verb === 'writev') await (self as FileHandle).write(half(Buffer.concat(args[0] as unknown as Uint8Array[])));
    else if (found === 'half' && verb === 'writeFile') await (self as FileHandle).write(half(Buffer.from(args[0] as unknown as string)));
    else if (found === 'half' && verb === 'appendFile') await work.apply(self, [args[0], half(Buffer.from(args[1] as unknown as string))] as never[]);
    else if (found === 'half' && nth % 2) await work.apply(self, args);
    throw failure();
  };

  const patch = promises as unknown as Record<string, Work>;
  for (const verb of verbs) {
    patch[verb] = async (...args: never[]) => {
      const [path, flags] = args as unknown as [string, string];
      const isRead = verb === 'open' && flags === 'r';
      const work = original[verb] as unknown as Work;
      if (!String(path).startsWith(folder) || isRead) return work(...args);
      const result = await wrapped(verb, work, promises)(...args);
      if (verb !== 'open') return result;
      const handle = result as unknown as Record<string, Work>;
      for (const step of ['write', 'writev', 'writeFile', 'sync']) handle[step] = wrapped(step, handle[step]!, handle);
      return handle;
    };
  }
  fs.mkdirSync = ((path: string, options: never) => {
    if (String(path).startsWith(folder) && verdict('mkdirSync') !== 'done') throw failure();
    return mkdirSync(path, options);
  }) as typeof fs.mkdirSync;
  syncBuiltinESMExports();

  return {
    get steps() {
      return steps;
    },
    mend() {
      Object.assign(promises, original);
      fs.mkdirSync = mkdirSync;
      syncBuiltinESMExports();
    },
  };
}

const half = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length / 2);
