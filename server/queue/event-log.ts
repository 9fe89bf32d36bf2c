import { createReadStream } from 'node:fs';
import { open, stat, truncate } from 'node:fs/promises';
import { createInterface } from 'node:readline';

/** Something that happened in a run. `seq` counts from 1 without a gap, over all processes that worked at it. */
export interface Logged {
  seq: number;
  /** ISO 8601, UTC. */
  at: string;
  event: { readonly type: string };
}

/** Events in memory, so that who listens is answered without the disk. */
const remembered = 2000;
/** Beyond so many that the disk has not taken, what merely shows progress is left out. */
const mostWaiting = 5000;
const retryAfter = 1000;
const rememberedPlaces = 256;

/**
 * The events of a run, a line of JSON each. An event is told when it is on its way to the disk and no sooner, so that
 * no number is ever given twice, whenever the process is killed.
 */
export class EventLog {
  readonly #file: string;
  readonly #recent: Logged[] = [];
  readonly #listeners = new Set<(last: number) => void>();
  /** Where in the file the event after a number begins, bytes; of the last ones that were asked for. */
  readonly #places = new Map<number, number>();
  #waiting: Logged[] = [];
  #given: number;
  #told: number;
  #writing: Promise<void> | null = null;
  #retry: NodeJS.Timeout | undefined;

  private constructor(file: string, last: number) {
    this.#file = file;
    this.#given = this.#told = last;
  }

  /** Goes on with what is there; half a line of a killed process is cut off. */
  static async open(file: string): Promise<EventLog> {
    return new EventLog(file, await lastWhole(file));
  }

  /** Number of the newest event that may be told. */
  get last(): number {
    return this.#told;
  }

  add(event: Logged['event']): void {
    if (this.#waiting.length >= mostWaiting && event.type !== 'state' && event.type !== 'epoch') return;
    this.#waiting.push({ seq: ++this.#given, at: new Date().toISOString(), event });
    this.#write();
  }

  /** Called whenever there are new ones. Returns what ends it. */
  listen(listener: (last: number) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Events after a number, at most `limit`, in order. */
  async after(seq: number, limit: number): Promise<Logged[]> {
    const first = this.#recent[0]?.seq ?? Number.POSITIVE_INFINITY;
    if (seq + 1 >= first) return this.#recent.slice(seq + 1 - first, seq + 1 - first + limit);
    const { events, next } = await readFrom(this.#file, seq, Math.min(limit, this.#told - seq), this.#places.get(seq) ?? 0);
    // Who reads on from there does not read what comes before it once more.
    if (events.length > 0) this.#remember(events.at(-1)!.seq, next);
    return events;
  }

  /** Keeps nothing in memory any more: of a run that is over, who asks is answered from the disk. */
  rest(): void {
    this.#recent.length = 0;
  }

  /** Waits until the disk has what was added, or has refused it once. */
  async settle(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  close(): void {
    clearTimeout(this.#retry);
    this.#listeners.clear();
  }

  #remember(seq: number, place: number): void {
    this.#places.set(seq, place);
    if (this.#places.size > rememberedPlaces) this.#places.delete(this.#places.keys().next().value!);
  }

  #write(): void {
    if (this.#writing || this.#waiting.length === 0) return;
    const batch = this.#waiting;
    this.#waiting = [];
    this.#writing = append(this.#file, batch.map((one) => `${JSON.stringify(one)}\n`).join('')).then(
      () => this.#tell(batch),
      () => {
        this.#writing = null;
        this.#waiting = [...batch, ...this.#waiting];
        this.#retry = setTimeout(() => this.#write(), retryAfter).unref();
      },
    );
  }

  #tell(batch: readonly Logged[]): void {
    this.#writing = null;
    this.#recent.push(...batch);
    if (this.#recent.length > 2 * remembered) this.#recent.splice(0, this.#recent.length - remembered);
    this.#told = batch.at(-1)!.seq;
    for (const listener of this.#listeners) listener(this.#told);
    this.#write();
  }
}

/** Events of a log that nobody writes to; lines that cannot be read are passed over. */
export async function readEvents(file: string, after: number, limit: number): Promise<Logged[]> {
  return (await readFrom(file, after, limit, 0)).events;
}

/** The same, read from a byte on that a line begins at; `next` is where the one after the last begins. */
async function readFrom(file: string, after: number, limit: number, start: number): Promise<{ events: Logged[]; next: number }> {
  const events: Logged[] = [];
  let next = start;
  if (limit <= 0) return { events, next };
  try {
    const lines = createInterface({ input: createReadStream(file, { encoding: 'utf8', start }) });
    for await (const line of lines) {
      next += Buffer.byteLength(line) + 1;
      const logged = parse(line);
      if (logged && logged.seq > after) events.push(logged);
      if (events.length >= limit) break;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return { events, next };
}

function parse(line: string): Logged | undefined {
  try {
    const logged = JSON.parse(line) as Logged;
    return Number.isInteger(logged.seq) && typeof logged.event?.type === 'string' ? logged : undefined;
  } catch {
    return undefined;
  }
}

/** Half a batch would make the next line part of it. */
async function append(file: string, text: string): Promise<void> {
  const handle = await open(file, 'a');
  try {
    const { size } = await handle.stat();
    try {
      await handle.appendFile(text);
    } catch (error) {
      await handle.truncate(size).catch(() => undefined);
      throw error;
    }
  } finally {
    await handle.close();
  }
}

/** Number of the last event; what follows the last line end is cut off. */
async function lastWhole(file: string): Promise<number> {
  const size = await stat(file).then((found) => found.size, () => 0);
  if (size === 0) return 0;
  const handle = await open(file, 'r');
  try {
    for (let length = Math.min(size, 2 ** 16); ; length = Math.min(size, 4 * length)) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length);
      const text = buffer.toString('latin1', 0, bytesRead);
      const end = text.lastIndexOf('\n') + 1;
      const lines = buffer.subarray(0, end).toString('utf8').split('\n').filter(Boolean);
      const last = lines.map(parse).findLast((logged) => logged !== undefined);
      if (last || length === size) {
        if (end < bytesRead) await truncate(file, size - bytesRead + end);
        return last?.seq ?? 0;
      }
    }
  } finally {
    await handle.close();
  }
}
