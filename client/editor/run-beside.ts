import { isAtWork, type RunState } from '../runs/run-state.ts';

/** Whether a run ended without doing what was asked of it. */
export const hasEndedBadly = ({ state }: RunState): boolean => state === 'failed' || state === 'broken' || state === 'interrupted';

/** Of the runs of a graph, the newest first, the one to show beside it: the newest that has results or is to have some; else the newest. */
export const runBeside = (runs: readonly RunState[]): RunState | undefined => runs.find((run) => isAtWork(run) || run.state === 'paused' || Object.keys(run.metrics).length > 0) ?? runs[0];

/** The newest run, where it ended badly and an older one is shown. */
export const failedSince = (runs: readonly RunState[], shown: string): RunState | null => {
  const at = runs.findIndex(({ id }) => id === shown);
  const newest = runs[0];
  return at > 0 && newest && hasEndedBadly(newest) ? newest : null;
};
