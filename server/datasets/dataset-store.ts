import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { writeFileAtomically } from '../atomic-file.ts';
import { parseJson } from '../graph/json.ts';

const recordSchema = z.object({
  id: z.uuid(),
  name: z.string().min(1).max(200),
  /** Absolute, links followed. */
  path: z.string().min(1),
  /** ISO 8601. */
  registered: z.string(),
});

/** A folder of images that the server knows by an id. */
export type DatasetRecord = z.output<typeof recordSchema>;

/** A record that could not be read, and where it is kept now. */
export interface SetAside {
  file: string;
  message: string;
}

/**
 * The datasets that were registered: a file `<id>.json` of each, which people may copy and edit. One that cannot be read
 * is moved to the folder `set-aside` and told. One process at a time may use a folder.
 */
export class DatasetStore {
  readonly #folder: string;
  readonly #records = new Map<string, DatasetRecord>();
  readonly setAside: SetAside[] = [];

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(folder: string): Promise<DatasetStore> {
    const store = new DatasetStore(folder);
    await mkdir(folder, { recursive: true });
    for (const name of (await readdir(folder)).filter((one) => one.endsWith('.json') && !one.startsWith('.'))) await store.#take(name);
    return store;
  }

  /** By name. */
  list(): DatasetRecord[] {
    return [...this.#records.values()].sort((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1));
  }

  /** Throws `no-dataset-registered`. */
  read(id: string): DatasetRecord {
    const record = this.#records.get(id);
    if (record) return record;
    throw new StillroomError('no-dataset-registered', `expected the id of a dataset, found ${JSON.stringify(id.slice(0, 60))}`, {
      hint: 'GET /api/datasets lists them',
    });
  }

  /** Registers a folder. One that is registered already keeps its id and name. */
  async add(path: string, name = basename(path) || path): Promise<DatasetRecord> {
    const known = [...this.#records.values()].find((record) => record.path === path);
    return known ?? this.#keep({ id: randomUUID(), name: name.slice(0, 200), path, registered: new Date().toISOString() });
  }

  rename(id: string, name: string): Promise<DatasetRecord> {
    return this.#keep({ ...this.read(id), name });
  }

  /** The folder and its files stay. */
  async forget(id: string): Promise<void> {
    this.read(id);
    await rm(join(this.#folder, `${id}.json`), { force: true });
    this.#records.delete(id);
  }

  async #keep(record: DatasetRecord): Promise<DatasetRecord> {
    await writeFileAtomically(join(this.#folder, `${record.id}.json`), (handle) => handle.writeFile(`${JSON.stringify(record, null, 2)}\n`));
    this.#records.set(record.id, record);
    return record;
  }

  async #take(name: string): Promise<void> {
    const file = join(this.#folder, name);
    try {
      const record = recordSchema.parse(parseJson(await readFile(file, 'utf8')));
      if (`${record.id}.json` !== name) throw new Error(`the record of ${record.id}`);
      this.#records.set(record.id, record);
    } catch (error) {
      const found = error instanceof z.ZodError ? error.issues.map(({ path, message }) => `${path.join(' › ')}: ${message}`).join('; ') : (error as Error).message;
      const aside = join(this.#folder, 'set-aside', name);
      await mkdir(join(this.#folder, 'set-aside'), { recursive: true });
      await rename(file, aside);
      this.setAside.push({ file: aside, message: `expected the record of a dataset, found ${found}` });
    }
  }
}
