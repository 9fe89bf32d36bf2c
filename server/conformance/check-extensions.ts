import type { Pack } from '../../plugins/sdk/index.ts';
import type { Backend } from './backend.ts';
import { checkLayout } from './check-layout.ts';
import { checkOptimiser } from './check-optimiser.ts';
import { checkReader } from './check-reader.ts';
import { checkSchedule } from './check-schedule.ts';
import type { Finding } from './finding.ts';

/** The check of one thing that a pack brings beside nodes. */
export interface ExtensionCheck {
  name: string;
  check(backend: Backend): Finding[] | Promise<Finding[]>;
}

export function extensionChecks({ layouts = [], weightReaders = [], optimisers = [], schedules = [] }: Pack, seed = 0): ExtensionCheck[] {
  return [
    ...layouts.map((layout) => ({ name: layout.name, check: () => checkLayout(layout, seed) })),
    ...weightReaders.map((reader) => ({ name: reader.name, check: () => checkReader(reader, seed) })),
    ...optimisers.map((optimiser) => ({ name: optimiser.name, check: (backend: Backend) => checkOptimiser(optimiser, backend) })),
    ...schedules.map((schedule) => ({ name: schedule.name, check: () => checkSchedule(schedule) })),
  ];
}
