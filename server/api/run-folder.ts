import { z } from 'zod';
import type { Services } from './services.ts';

/** A run that a client names. */
export const runSchema = z
  .union([z.strictObject({ id: z.string().describe('Id of a run of the home.') }), z.strictObject({ folder: z.string().max(4096).describe('A run folder in a data root.') })])
  .meta({ id: 'GivenRun' });

/** Its folder. Throws `no-run`, `outside-roots`, `no-such-path`. */
export async function runFolder(run: z.output<typeof runSchema>, { runs, roots }: Pick<Services, 'runs' | 'roots'>): Promise<string> {
  return 'id' in run ? runs.folder(run.id) : roots.resolve(run.folder);
}
