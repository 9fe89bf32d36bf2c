import { StillroomError, type Problem } from '../../plugins/sdk/index.ts';
import type { Checked } from './check.ts';
import { compileChecked } from './index.ts';

/** Every problem of a checked document, those included that show only when it is cut into programs; `error` is what a run would say. */
export function checkWhole(checked: Checked): { problems: Problem[]; error?: StillroomError } {
  try {
    return { problems: [...compileChecked(checked).warnings] };
  } catch (error) {
    if (!(error instanceof StillroomError)) throw error;
    // Of a graph that is wrong already the error tells the same again.
    const shownByCutting = checked.ok ? error.problems : [];
    return { problems: [...checked.problems, ...shownByCutting], error };
  }
}
