import type { GraphDocument } from '../../server/graph/document.ts';
import type { FollowedRun } from '../runs/followed-run.svelte.ts';
import { call } from '../state/call.ts';
import type { GraphSession } from '../state/graph-session.svelte.ts';
import type { Check } from '../state/types.ts';
import { timesThatHold } from './times-that-hold.ts';

/** What the run beside a graph has measured of nodes that are still what they were then. To be made while a component is. */
export class MeasuredTimes {
  /** Mean milliseconds of each node for one image. */
  readonly milliseconds: Readonly<Record<string, number>>;
  /** Of the graph as it was run. */
  #then: { run: string; check: Check } | null = $state.raw(null);

  constructor(session: GraphSession, run: FollowedRun) {
    this.milliseconds = $derived(timesThatHold(run.milliseconds, session.check, this.#then?.run === run.run?.id ? (this.#then?.check ?? null) : null));
    $effect(() => {
      const id = run.run?.id;
      const isMeasured = Object.keys(run.milliseconds).length > 0;
      if (id !== undefined && isMeasured) void this.#read(id);
    });
  }

  async #read(run: string): Promise<void> {
    if (this.#then?.run === run) return;
    const check = await call<GraphDocument>('GET', `/runs/${encodeURIComponent(run)}/file?path=graph.json`)
      .then((document) => call<Check>('POST', '/check', { document }))
      .catch(() => null);
    if (check) this.#then = { run, check };
  }
}
