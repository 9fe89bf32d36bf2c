import { join } from 'node:path';
import { writeFileAtomically } from '../../atomic-file.ts';
import { readRun } from '../run-record.ts';
import { reportPage } from './report.ts';

/** Writes `report.html` into a run folder from what that holds. Throws `not-a-run`, `run-folder-corrupt`, `cannot-write`. */
export async function writeReport(run: string): Promise<{ file: string; missing: string[] }> {
  const record = await readRun(run);
  const text = await reportPage(record);
  const file = join(run, 'report.html');
  await writeFileAtomically(file, (handle) => handle.writeFile(text));
  return { file, missing: record.missing };
}
