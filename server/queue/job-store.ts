import { mkdir, readFile, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { StillroomError } from '../../plugins/sdk/index.ts';
import { writeFileAtomically } from '../atomic-file.ts';
import type { GraphDocument } from '../graph/document.ts';
import { mustBeGraph } from '../graph/parse.ts';
import { jobFile } from '../runs/run-folder.ts';
import { jobSchema, type JobRecord } from './job.ts';

export interface Job extends JobRecord {
  id: string;
  /** The graph as it was asked to be run. */
  document: GraphDocument;
}

/** Names of run folders; none reaches another folder. */
const idForm = /^[\p{L}\p{N}_-][\p{L}\p{N}._ -]{0,199}$/u;

/** The folders of runs, and in each the job that it was asked for, if it was. */
export class JobStore {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /** Folder of a run. Throws `no-run`. */
  folder(id: string): string {
    if (!idForm.test(id) || id.endsWith('.')) throw noRun(id);
    return join(this.root, id);
  }

  async ids(): Promise<string[]> {
    const entries = await readdir(this.root, { withFileTypes: true }).catch(() => []);
    return entries.filter((entry) => entry.isDirectory() && idForm.test(entry.name)).map(({ name }) => name);
  }

  /** Null where the run was not asked for here. Throws `job-broken` where its record cannot be read; it is then set aside. */
  async read(id: string): Promise<Job | null> {
    const file = join(this.folder(id), jobFile);
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
      throw error;
    });
    if (text === null) return null;
    try {
      const { document, ...record } = JSON.parse(text) as { document: unknown };
      return { ...jobSchema.parse(record), id, document: mustBeGraph(document) };
    } catch (cause) {
      const setAside = `${file}.broken-${Date.now()}`;
      await rename(file, setAside).catch(() => undefined);
      throw new StillroomError('job-broken', 'expected the record of a run that was asked for, found something else', {
        file: setAside,
        hint: 'the run itself is as it was; ask for it anew to go on',
        cause,
      });
    }
  }

  /** Throws `disk-full`, `cannot-write`. */
  async write({ id, ...record }: Job): Promise<void> {
    const folder = this.folder(id);
    await mkdir(folder, { recursive: true });
    const text = `${JSON.stringify(record, null, 2)}\n`;
    await writeFileAtomically(join(folder, jobFile), (handle) => handle.writeFile(text), Buffer.byteLength(text));
  }
}

export function noRun(id: string): StillroomError {
  return new StillroomError('no-run', `expected the id of a run, found ${JSON.stringify(id.slice(0, 80))}`, { hint: 'see the list of runs: /api/runs' });
}
