import { loadPacks } from '../plugins/open-packs.ts';
import type { PackSource } from '../plugins/plugin-entry.ts';
import { doErrand } from '../processes/errand.ts';
import type { ExportedFile } from './export-folder.ts';
import { exportRun } from './export-run.ts';

/** What a process that exports is ordered. */
export interface ExportOrder {
  packs: PackSource;
  /** Run folder. */
  run: string;
  exporter: string;
  out: string;
  category?: string;
}

doErrand<ExportOrder, never, ExportedFile[]>(async ({ packs: source, run, ...asked }) => {
  const { packs, registry } = await loadPacks(source);
  return exportRun(run, { ...asked, packs, registry, offline: true, replaces: true });
});
