import { StillroomError } from '../../plugins/sdk/index.ts';
import { ExportFolder, type ExportedFile } from './export-folder.ts';
import { exporterNamed } from './exporter-named.ts';
import { runToExport, type RunToExportOptions } from './run-to-export.ts';

export interface ExportOptions extends RunToExportOptions {
  exporter: string;
  /** A folder, or a file where the exporter writes but one. */
  out: string;
  /** Whether an older export there goes. */
  replaces?: boolean;
}

/**
 * Writes a finished run as an exporter has it, whole or not at all; gives the files. Throws `no-exporter`,
 * `export-target-taken`, `export-failed` with what its code throws, and what `runToExport` throws.
 */
export async function exportRun(run: string, { exporter: name, out, replaces = false, ...options }: ExportOptions): Promise<ExportedFile[]> {
  const exporter = exporterNamed(options.packs, name);
  const read = await runToExport(run, options);
  const folder = await ExportFolder.open(exporter, out, { replaces });
  try {
    await exporter.export(read, folder);
    return await folder.finish();
  } catch (error) {
    await folder.discard();
    if (error instanceof StillroomError) throw error;
    throw new StillroomError('export-failed', `exporter "${name}": expected it to write the run, found that its code failed: ${error instanceof Error ? error.message : String(error)}`, {
      hint: `if the run is right, this is a defect of "${name}": report it to its authors`,
      cause: error,
    });
  }
}
