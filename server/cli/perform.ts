import { StillroomError } from '../../plugins/sdk/problem.ts';
import { fail } from './output.ts';
import { drawProgress, type ProgressDrawer } from './progress.ts';

/** What the work of a command is given. */
export interface Work {
  drawer: ProgressDrawer;
  /** Aborted by Ctrl-C where there is something to save. */
  signal: AbortSignal;
  /** From now on the first Ctrl-C aborts `signal` and waits for the work to end; until then it ends the process at once. */
  savesOnInterrupt(): void;
}

/** Does a command's work: reports what goes wrong, and leaves the terminal as it was whatever happens. */
export async function perform(json: boolean, work: (given: Work) => Promise<void>): Promise<void> {
  const drawer = drawProgress();
  const abort = new AbortController();
  let saves = false;
  const interrupt = (): void => {
    drawer.end();
    if (saves && !abort.signal.aborted) {
      drawer.note('Stopping after the step at hand (Ctrl-C once more stops at once)');
      abort.abort();
      return;
    }
    fail(new StillroomError('cancelled', 'expected to go on to the end, found that it was cancelled', {
      hint: 'run the same command again',
    }), json);
    process.exit();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    await work({ drawer, signal: abort.signal, savesOnInterrupt: () => void (saves = true) });
  } catch (error) {
    drawer.end();
    fail(error, json);
  } finally {
    drawer.end();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}
