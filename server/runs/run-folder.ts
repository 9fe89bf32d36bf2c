import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StillroomError } from '../../plugins/sdk/index.ts';
import { asWriteError, writeFileAtomically } from '../atomic-file.ts';
import type { Manifest } from './manifest.ts';

/** The files of a run. Everything is written whole or not at all, but for the event log, which grows line by line. */
export class RunFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  file(...parts: string[]): string {
    return join(this.path, ...parts);
  }

  checkpointStem(category: string, fit: string): string {
    return this.file(safe(category), 'checkpoints', fit.replaceAll('/', '__'));
  }

  categoryFile(category: string, ...parts: string[]): string {
    return this.file(safe(category), ...parts);
  }

  /** The manifest of the run that is there already; null in a new folder. Throws `run-folder-corrupt`. */
  async readManifest(): Promise<Manifest | null> {
    const file = this.file('manifest.json');
    if (!existsSync(file)) return null;
    try {
      return JSON.parse(await readFile(file, 'utf8')) as Manifest;
    } catch (cause) {
      throw new StillroomError('run-folder-corrupt', 'expected the manifest of a run, found something else', {
        file,
        hint: 'choose another --out, or delete that file',
        cause,
      });
    }
  }

  async writeJson(name: string, value: unknown): Promise<void> {
    await this.writeText(name, `${JSON.stringify(value, null, 2)}\n`);
  }

  async writeText(name: string, text: string): Promise<void> {
    await writeFileAtomically(this.file(name), (handle) => handle.writeFile(text));
  }

  /** Adds a line of JSON to a log. */
  async append(name: string, value: unknown): Promise<void> {
    const file = this.file(name);
    try {
      await mkdir(this.path, { recursive: true });
      await appendFile(file, `${JSON.stringify(value)}\n`);
    } catch (cause) {
      throw asWriteError(cause, file);
    }
  }
}

/** Refuses to mix two runs in one folder. */
export function refuseOtherRun(folder: RunFolder, before: Manifest | null, identity: string): void {
  if (!before || before.identity === identity) return;
  throw new StillroomError(
    'run-folder-taken',
    `expected an empty folder or an earlier part of this very run, found a run of "${before.graph.name}" with seed ${before.seed} and other graph, data, weights or settings`,
    { file: folder.path, hint: 'choose another --out' },
  );
}

/** Names of categories come from folders; the root of a dataset has the name `.`. */
function safe(category: string): string {
  return category.replaceAll(/[^\p{L}\p{N}._-]/gu, '_').replace(/^\.+$/, 'images');
}
