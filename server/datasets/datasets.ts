import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StillroomError, type Problem } from '../../plugins/sdk/problem.ts';
import { demoCategories } from '../data/demo/generate.ts';
import { DEMO_VERSION } from '../data/demo/version.ts';
import { cacheDirectory } from '../home.ts';
import type { Topics } from '../live/topics.ts';
import type { LayoutSource } from '../plugins/layouts/layout-sources.ts';
import { sendOnErrand, type Errand } from '../processes/errand.ts';
import { sentError } from '../sent-error.ts';
import { DatasetStore, type DatasetRecord } from './dataset-store.ts';
import type { DemoOrder, DemoProgress } from './demo-process.ts';
import { Pictures } from './pictures.ts';
import type { Roots } from './roots.ts';
import { Scans } from './scans.ts';
import type { UploadLimits } from './upload-limits.ts';
import { Uploads } from './uploads.ts';

export interface DemoState {
  state: 'none' | 'drawing' | 'done' | 'failed';
  progress?: DemoProgress;
  /** Id of the dataset, once it is there. */
  dataset?: string;
  problem?: Problem;
}

export interface DatasetsOptions {
  home: string;
  roots: Roots;
  topics: Topics;
  uploadLimits?: Partial<UploadLimits>;
  /** Layouts of plugins that are in use. */
  layouts?: () => readonly LayoutSource[];
}

/** The datasets that a server knows: records, scans, pictures, uploads, and the demo set. */
export class Datasets {
  readonly store: DatasetStore;
  readonly scans: Scans;
  readonly pictures = new Pictures();
  readonly #roots: Roots;
  readonly #uploads: Uploads;
  readonly #topics: Topics;
  #demo: { state: DemoState; errand?: Errand<void> } = { state: { state: 'none' } };

  private constructor(store: DatasetStore, uploads: Uploads, { roots, topics, layouts }: DatasetsOptions) {
    this.store = store;
    this.#uploads = uploads;
    this.#roots = roots;
    this.#topics = topics;
    this.scans = new Scans(join(cacheDirectory(), 'datasets'), (id, state) => topics.publish(`datasets/${id}`, state), layouts);
  }

  static async open(options: DatasetsOptions): Promise<Datasets> {
    const store = await DatasetStore.open(join(options.home, 'dataset-records'));
    return new Datasets(store, await Uploads.open(options.roots.own, options.uploadLimits), options);
  }

  /** Registers a folder that a client names. Errors: `outside-roots`, `no-such-path`, `not-a-folder`. */
  async register(path: string, name?: string): Promise<DatasetRecord> {
    const real = await this.#roots.resolve(path);
    if (!(await stat(real)).isDirectory()) throw new StillroomError('not-a-folder', 'expected a folder of images, found a file', { file: real, hint: 'name the folder that the file lies in' });
    return this.store.add(real, name);
  }

  /** A dataset whose folder is there and may be looked at. Errors: `no-dataset-registered`, `dataset-gone`, `outside-roots`. */
  async open(id: string): Promise<DatasetRecord> {
    const record = this.store.read(id);
    await this.file(record, '');
    return record;
  }

  /** Real path of a file of a dataset. Errors: `dataset-gone`, `outside-roots`. */
  async file({ path }: DatasetRecord, relative: string): Promise<string> {
    try {
      return await this.#roots.resolve(join(path, relative));
    } catch (error) {
      if (!(error instanceof StillroomError) || error.code !== 'no-such-path') throw error;
      throw new StillroomError('dataset-gone', `expected the ${relative ? 'file' : 'folder'} of the dataset where it was, found nothing there`, {
        file: join(path, relative),
        hint: relative ? 'scan the dataset again' : 'put it back, or forget the dataset and register it where it is now',
      });
    }
  }

  async upload(request: Parameters<Uploads['receive']>[0], name: string): Promise<DatasetRecord> {
    return this.register(await this.#uploads.receive(request, name), name);
  }

  async forget(id: string): Promise<void> {
    this.store.read(id);
    await this.scans.forget(id);
    await this.store.forget(id);
    this.#topics.end(`datasets/${id}`);
  }

  get demo(): DemoState {
    return this.#demo.state;
  }

  /** Draws the demo set in the background, unless that goes on or it is there, and registers it. Errors: `unknown-demo-category`. */
  drawDemo(categories: readonly string[] = demoCategories): DemoState {
    if (this.#demo.state.state === 'drawing') return this.demo;
    const chosen = demoCategories.filter((name) => categories.includes(name));
    const isAll = chosen.length === demoCategories.length;
    const folder = join(this.#roots.own, `demo-v${DEMO_VERSION}${isAll ? '' : `-${chosen.join('-')}`}`);
    const order: DemoOrder = { folder, categories };
    const errand = sendOnErrand<DemoOrder, DemoProgress, void>(new URL('./demo-process.ts', import.meta.url), order, (progress) => this.#becomeDemo({ state: 'drawing', progress }));
    this.#demo.errand = errand;
    this.#becomeDemo({ state: 'drawing' });
    errand.done
      .then(() => this.register(folder, isAll ? 'Demo' : `Demo: ${chosen.join(', ')}`))
      .then(
        ({ id }) => this.#becomeDemo({ state: 'done', dataset: id }),
        (error: unknown) => this.#becomeDemo({ state: 'failed', problem: sentError(error).problems[0]! }),
      );
    return this.demo;
  }

  /** Folders within a folder that a client may name; the roots where it names none. Errors: `outside-roots`, `no-such-path`, `not-a-folder`, `cannot-read-folder`. */
  async browse(path?: string): Promise<{ path: string | null; folders: { name: string; path: string }[] }> {
    if (path === undefined) return { path: null, folders: this.#roots.folders.map((folder) => ({ name: folder, path: folder })) };
    const real = await this.#roots.resolve(path);
    const entries = await readdir(real, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
      const isFile = cause.code === 'ENOTDIR';
      throw new StillroomError(isFile ? 'not-a-folder' : 'cannot-read-folder', `expected a folder that can be read, found ${isFile ? 'a file' : cause.code}`, { file: real, cause });
    });
    const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
    return { path: real, folders: names.sort().map((name) => ({ name, path: join(real, name) })) };
  }

  async close(): Promise<void> {
    this.#demo.errand?.cancel();
    await Promise.all([this.scans.close(), this.pictures.close()]);
  }

  #becomeDemo(state: DemoState): void {
    this.#demo.state = state;
    this.#topics.publish('datasets/demo', state);
  }
}
