import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import pLimit from 'p-limit';
import type { Pack } from '../../plugins/sdk/pack.ts';
import { StillroomError, type Problem } from '../../plugins/sdk/problem.ts';
import { asWriteError } from '../atomic-file.ts';
import { byteBudget } from '../byte-budget.ts';
import type { EngineProgress } from '../engine/progress.ts';
import { environmentOf } from '../home.ts';
import type { PackSource } from '../plugins/plugin-entry.ts';
import { sendOnErrand, type Errand } from '../processes/errand.ts';
import { sentError } from '../sent-error.ts';
import { mustBeFree } from './add.ts';
import { addedFolder } from './added.ts';
import type { CheckDescription } from './check/describe-check.ts';
import type { Coverage } from './import.ts';
import { publicUrl } from './public-address.ts';
import { openWeightsRegistry, type RegisteredWeights, type WeightsRegistry } from './registry.ts';
import { removeWeights } from './remove.ts';
import type { WeightsOrder } from './weights-process.ts';

export interface DownloadState {
  state: 'none' | 'downloading' | 'done' | 'failed' | 'cancelled';
  progress?: EngineProgress;
  problem?: Problem;
}

/** What was added, and what of its file fits. */
export interface Added extends Coverage {
  name: string;
  problems: Problem[];
}

export interface WeightsShelfOptions {
  /** Whose added weights they are. */
  home: string;
  packs(): readonly Pack[];
  /** The same for other processes. */
  source(): PackSource;
  onChange?: (name: string, state: DownloadState) => void;
  /** Of a file that is sent, or fetched from an address that a user names. */
  mostBytes?: number;
}

const temporary = '.upload-';

/** Pretrained weights of a server: which there are, and what is done with them, each in a process of its own. */
export class WeightsShelf {
  readonly #options: WeightsShelfOptions;
  readonly #states = new Map<string, DownloadState>();
  readonly #errands = new Map<string, Errand<unknown>>();
  /** The list of what was added is read, changed and written by one at a time. */
  readonly #adding = pLimit(1);
  readonly #checking = pLimit(1);

  constructor(options: WeightsShelfOptions) {
    this.#options = options;
  }

  registry(): Promise<WeightsRegistry> {
    return openWeightsRegistry(this.#options.packs(), this.#options.home);
  }

  state(name: string): DownloadState {
    return this.#states.get(name) ?? { state: 'none' };
  }

  /** Begins to fetch weights that the registry knows, unless that goes on. Throws `no-weights-registered`. */
  async download(name: string): Promise<DownloadState> {
    const { architecture } = await this.#named(name);
    if (this.#errands.has(name)) return this.state(name);
    return this.#fetch(name, this.#send({ do: 'download', name, architecture }, (progress) => this.#become(name, { state: 'downloading', progress })));
  }

  /**
   * Begins to fetch a file from an address that the user has confirmed, and adds it under a name. Throws
   * `address-refused`, `weights-name-taken`, `unsafe-name`; what else goes wrong is in the state.
   */
  async downloadFrom(address: string, name: string, architecture?: string): Promise<DownloadState> {
    const url = publicUrl(address);
    const fileName = plainFileName(basename(url.pathname), this.#options.packs());
    if (this.#errands.has(name)) return this.state(name);
    mustBeFree(await this.registry(), name);
    const work = await this.#workFolder();
    const file = join(work, fileName);
    const fetching = this.#send({ do: 'fetch', address: url.href, file, mostBytes: this.#mostBytes }, (progress) => this.#become(name, { state: 'downloading', progress }));
    const done = fetching.done.then(() => this.add(name, file, architecture)).finally(() => rm(work, { recursive: true, force: true }));
    return this.#fetch(name, { done, cancel: () => fetching.cancel() });
  }

  #fetch(name: string, errand: Errand<unknown>): DownloadState {
    this.#errands.set(name, errand);
    this.#become(name, { state: 'downloading' });
    const end = (state: DownloadState): void => {
      this.#errands.delete(name);
      this.#become(name, state);
    };
    errand.done.then(
      () => end({ state: 'done' }),
      (error: StillroomError) => end(error.code === 'cancelled' ? { state: 'cancelled' } : { state: 'failed', problem: sentError(error).problems[0]! }),
    );
    return this.state(name);
  }

  /** Ends a download that goes on; what was fetched is kept for the next one. */
  async cancel(name: string): Promise<DownloadState> {
    const errand = this.#errands.get(name);
    // What is fetched from an address has its name once it is there.
    if (!errand) await this.#named(name);
    errand?.cancel();
    await errand?.done.catch(() => undefined);
    return this.state(name);
  }

  /** Copies a file of weights, or folder of arrays, and registers it. Errors: those of `addWeights`. */
  add(name: string, file: string, architecture?: string): Promise<Added> {
    return this.#adding(() => this.#send<Added>({ do: 'add', name, file, ...(architecture === undefined ? {} : { architecture }) }).done);
  }

  /** As `add`, of a file that is sent under the name `fileName`. Errors: also `upload-too-large`, `upload-unreadable`, `unsafe-name`. */
  async receive(request: IncomingMessage, name: string, fileName: string, architecture?: string): Promise<Added> {
    const bytes = this.#mostBytes;
    const tooMuch = (): StillroomError => new StillroomError('upload-too-large', `expected at most ${bytes} bytes, found more`, { hint: 'put the file into a data root, and add it from there' });
    if (Number(request.headers['content-length'] ?? 0) > bytes) throw tooMuch();
    const work = await this.#workFolder();
    try {
      const file = join(work, plainFileName(fileName, this.#options.packs()));
      await pipeline(request, byteBudget(bytes, tooMuch)(), createWriteStream(file, { flags: 'wx' })).catch((cause: NodeJS.ErrnoException) => {
        if (cause instanceof StillroomError) throw cause;
        throw cause.syscall ? asWriteError(cause, file) : new StillroomError('upload-unreadable', 'expected the whole upload, found that it was cut off', { cause });
      });
      return await this.add(name, file, architecture);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }

  /** Tries weights that are here. Errors: those of `checkWeights` and `resolveWeights`, `engine-missing`. */
  async check(name: string): Promise<CheckDescription> {
    const { architecture } = await this.#named(name);
    return this.#checking(() => this.#send<CheckDescription>({ do: 'check', name, architecture }).done);
  }

  /** Errors: those of `removeWeights`, `no-weights-registered`. */
  async remove(name: string): Promise<void> {
    await this.#named(name);
    await this.#adding(() => removeWeights(name, this.#options.home));
  }

  /** Removes what a killed server has left of uploads. */
  async tidy(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    for (const name of names.filter((one) => one.startsWith(temporary))) await rm(join(this.#folder, name), { recursive: true, force: true });
  }

  async close(): Promise<void> {
    for (const errand of this.#errands.values()) errand.cancel();
    await Promise.allSettled([...this.#errands.values()].map(({ done }) => done));
  }

  get #folder(): string {
    return addedFolder(this.#options.home);
  }

  get #mostBytes(): number {
    return this.#options.mostBytes ?? 2 ** 33;
  }

  async #workFolder(): Promise<string> {
    await mkdir(this.#folder, { recursive: true });
    return mkdtemp(join(this.#folder, temporary));
  }

  async #named(name: string): Promise<RegisteredWeights> {
    const { entries } = await this.registry();
    const entry = entries.find((one) => one.name === name);
    if (entry) return entry;
    throw new StillroomError('no-weights-registered', `expected the name of registered weights, found ${JSON.stringify(name.slice(0, 60))}`, { hint: 'GET /api/weights lists them' });
  }

  #send<Result = unknown>(order: WithoutPacks<WeightsOrder>, onNews?: (progress: EngineProgress) => void): Errand<Result> {
    const whole: WeightsOrder = { ...order, packs: this.#options.source() };
    return sendOnErrand<WeightsOrder, EngineProgress, Result>(new URL('./weights-process.ts', import.meta.url), whole, onNews, { env: environmentOf(this.#options.home) });
  }

  #become(name: string, state: DownloadState): void {
    this.#states.set(name, state);
    this.#options.onChange?.(name, state);
  }
}

type WithoutPacks<T> = T extends unknown ? Omit<T, 'packs'> : never;

const endings = ['.safetensors', '.pth', '.pt', '.bin', '.npz', '.npy'];

/** A name that a file can have here, ending as files of a format do that somebody reads. */
function plainFileName(name: string, packs: readonly Pack[]): string {
  const known = [...endings, ...packs.flatMap(({ weightReaders = [] }) => weightReaders.flatMap(({ extensions }) => extensions))];
  if (/^[\w-][\w. -]{0,160}$/.test(name) && known.some((ending) => name.toLowerCase().endsWith(ending.toLowerCase()) && name.length > ending.length)) return name;
  throw new StillroomError('unsafe-name', `expected the name of a file of weights, found ${JSON.stringify(name.slice(0, 120))}`, { hint: `name it as trunk${known.join(', ')}` });
}

/** Bytes of a file, or of the files in a folder; undefined where it is not there. */
export async function bytesOf(file: string): Promise<number | undefined> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isDirectory()) return found?.size;
  const parts = await Promise.all((await readdir(file)).map((name) => bytesOf(join(file, name))));
  return parts.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0);
}
