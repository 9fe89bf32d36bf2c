import type { OnProgress } from '../engine/progress.ts';
import type { ProgressDrawer } from './progress.ts';

const titles = {
  download: 'Fetching',
  verify: 'Checking',
  unpack: 'Unpacking',
  compile: 'Compiling',
  prove: 'Trying',
} as const;

/** Draws what provisioning reports. */
export function engineProgress(drawer: ProgressDrawer): OnProgress {
  return ({ stage, subject, done, total, unit }) => {
    if (stage === 'wait') drawer.note(`Waiting for ${subject}`);
    else drawer.show({ title: `${titles[stage]} ${subject}`, done, unit, ...(total === undefined ? {} : { total }) });
  };
}
