import type { Answers } from '../api/index.ts';

/** How many images a dataset has, or how far the look at them is. */
export function scanText({ state, progress, images, problem }: Answers['ScanState']): string {
  switch (state) {
    case 'none':
      return 'not looked at yet';
    case 'waiting':
      return 'waits to be looked at';
    case 'scanning':
      return progress && progress.total > 0 ? `${progress.done} of ${progress.total} looked at` : 'being looked at';
    case 'done':
      return images === undefined ? 'looked at' : `${images.toLocaleString()} ${images === 1 ? 'image' : 'images'}`;
    case 'cancelled':
      return 'look was stopped';
    case 'failed':
      return problem?.message ?? 'could not be looked at';
  }
}
