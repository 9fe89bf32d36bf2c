import { StillroomError, type Problem } from '../../plugins/sdk/index.ts';
import { readRun } from './run-record.ts';
import type { RunFolder } from './run-folder.ts';
import type { TensorboardLog } from './tensorboard/tensorboard-log.ts';

/**
 * Shows people what a finished run has found: its report, and figures and pictures in TensorBoard. The run is done
 * whatever becomes of that: what goes wrong is returned as a warning.
 */
export async function tellResults(folder: RunFolder, board: TensorboardLog): Promise<Problem | null> {
  try {
    await board.finish(await readRun(folder.path));
    // Charts take a moment to load, which only their reader need wait for.
    const { writeReport } = await import('./report/write-report.ts');
    await writeReport(folder.path);
    return null;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const file = error instanceof StillroomError ? error.place.file : undefined;
    return {
      code: 'report-failed',
      severity: 'warning',
      message: `expected to write the report of the run, found: ${why}`,
      file: file ?? folder.path,
      hint: `\`stillroom report ${folder.path}\` writes it anew`,
    };
  }
}
