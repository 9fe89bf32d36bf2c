export interface CreateOptions {
  /** As npm names it; that of the folder where absent. */
  name?: string | undefined;
  /** What people read; made of the name where absent. */
  title?: string | undefined;
  /** One of `licences`; `none` keeps all rights. */
  licence?: string | undefined;
  /** The Stillroom that the plugin is developed with, as npm takes it: a range, or a folder (`file:…`). */
  stillroom?: string | undefined;
}

export interface Created extends Required<Record<'name' | 'title' | 'licence' | 'stillroom', string>> {
  folder: string;
  /** What was written, by its path in the folder. */
  files: string[];
}

export const licences: readonly string[];

/** What keeps a plugin from being begun; `code` is `plugin-name-invalid` or `folder-not-empty`. */
export class ScaffoldProblem extends Error {
  code: 'plugin-name-invalid' | 'folder-not-empty';
  hint: string;
}

/** Writes a plugin that can be built, tested and used as it is. Throws `ScaffoldProblem`, and what the file system throws. */
export function createPlugin(folder: string, options?: CreateOptions): Promise<Created>;
