import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { cacheDirectory } from '../home.ts';
import { hashSources } from '../hash-sources.ts';
import { sendOnErrand, type Errand } from '../processes/errand.ts';

/** What the client is made of. */
const sources = ['client', 'server/graph', 'plugins/sdk', 'plugins/evaluation/metrics'];

/** The pages of the editor, built when they are first wanted and whenever their sources have changed; kept in the cache. */
export class ClientBuild {
  /** Where the files are; null until they are built. */
  folder: string | null = null;
  /** Why they could not be built. */
  problem: string | null = null;
  readonly #errand: Errand<void> | null = null;

  constructor() {
    const root = join(cacheDirectory(), 'client');
    const name = hashSources(sources, /\.(ts|svelte|css|html|svg)$/).slice(0, 24);
    if (existsSync(join(root, name, 'index.html'))) this.folder = join(root, name);
    else {
      this.#errand = sendOnErrand(new URL('./build-process.ts', import.meta.url), { outDir: join(root, `${name}.building-${process.pid}`) });
      void this.#finish(this.#errand, root, name);
    }
  }

  close(): void {
    this.#errand?.cancel();
  }

  async #finish({ done }: Errand<void>, root: string, name: string): Promise<void> {
    const built = join(root, `${name}.building-${process.pid}`);
    try {
      await mkdir(root, { recursive: true });
      await done;
      // Another server may have built the same meanwhile.
      await rename(built, join(root, name)).catch(() => undefined);
      this.folder = join(root, name);
      await forgetOthers(root, name);
    } catch (error) {
      this.problem = stripVTControlCharacters(error instanceof Error ? error.message : String(error));
      await rm(built, { recursive: true, force: true });
    }
  }
}

/** Earlier builds, and such as were never finished. */
async function forgetOthers(root: string, name: string): Promise<void> {
  for (const other of await readdir(root)) if (!other.startsWith(name)) await rm(join(root, other), { recursive: true, force: true });
}
