import { StillroomError } from '../../plugins/sdk/problem.ts';
import { createPlugin as scaffold, ScaffoldProblem, type Created, type CreateOptions } from './create/scaffold.js';

export type { Created, CreateOptions };
export { licences } from './create/scaffold.js';

/** Begins a plugin in a folder, as `npm create stillroom-plugin` does. Throws `plugin-name-invalid`, `folder-not-empty`, `cannot-write`. */
export async function createPlugin(folder: string, options: CreateOptions): Promise<Created> {
  try {
    return await scaffold(folder, options);
  } catch (cause) {
    if (cause instanceof ScaffoldProblem) {
      const { code, message, hint } = cause;
      throw code === 'plugin-name-invalid' ? new StillroomError('plugin-name-invalid', message, { hint, cause }) : new StillroomError('folder-not-empty', message, { file: folder, hint, cause });
    }
    if ((cause as NodeJS.ErrnoException).syscall === undefined) throw cause;
    throw new StillroomError('cannot-write', `expected to write the plugin, found: ${(cause as Error).message}`, { file: folder, hint: 'name a folder that can be written to', cause });
  }
}
