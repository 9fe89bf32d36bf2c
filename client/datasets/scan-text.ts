import type { Answers } from '../api/index.ts';

/** How far the look at a dataset's images is. */
export function scanText({ state, progress, problem }: Answers['ScanState']): string {
  switch (state) {
    case 'none':
      return 'not looked at yet';
    case 'waiting':
      return 'waits to be looked at';
    case 'scanning':
      return progress && progress.total > 0 ? `${progress.done} of ${progress.total} looked at` : 'being looked at';
    case 'done':
      return 'looked at';
    case 'cancelled':
      return 'look was stopped';
    case 'failed':
      return problem?.message ?? 'could not be looked at';
  }
}
