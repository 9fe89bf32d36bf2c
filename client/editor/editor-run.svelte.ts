import { FollowedRun } from '../runs/followed-run.svelte.ts';
import type { RunState } from '../runs/run-state.ts';
import { call } from '../state/call.ts';
import { route } from '../state/route.svelte.ts';

/** The run that is shown beside a graph: the one that the address names, or the last that was asked of the graph. */
export class EditorRun extends FollowedRun {
  constructor(graph: string) {
    super();
    const named = route.query.get('run');
    if (named === null) void this.#findLast(graph);
    else void this.show(named);
  }

  async #findLast(graph: string): Promise<void> {
    const { runs } = await call<{ runs: RunState[] }>('GET', '/runs?limit=200').catch(() => ({ runs: [] }));
    const last = runs.find((run) => run.graph?.id === graph);
    if (last && !this.run) await this.show(last.id);
  }
}
