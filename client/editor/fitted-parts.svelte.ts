import { call } from '../state/call.ts';
import type { GraphSession } from '../state/graph-session.svelte.ts';
import type { FittedState } from '../state/types.ts';
import type { EditorRun } from './editor-run.svelte.ts';

/** Which nodes of the graph the run beside it has fitted as they are now. To be made while a component is. */
export class FittedParts {
  /** By id of nodes that are fitted; null where no run is beside the graph, or it has not ended. */
  nodes: Readonly<Record<string, FittedState>> | null = $state.raw(null);
  readonly stale: readonly string[] = $derived(Object.entries(this.nodes ?? {}).flatMap(([node, state]) => (state === 'fitted' ? [] : [node])));
  readonly fitted: readonly string[] = $derived(Object.entries(this.nodes ?? {}).flatMap(([node, state]) => (state === 'fitted' ? [node] : [])));
  #asked = 0;

  constructor(session: GraphSession, run: EditorRun) {
    $effect(() => {
      // An edit of what is computed has another identity; one that moves nodes has not.
      const identity = session.check?.identity;
      const id = run.run?.state === 'done' ? run.run.id : null;
      if (identity !== undefined && id !== null) void this.#ask(id, session);
      else this.nodes = null;
    });
  }

  async #ask(run: string, session: GraphSession): Promise<void> {
    const number = ++this.#asked;
    const found = await call<{ nodes: Record<string, FittedState> }>('POST', `/runs/${encodeURIComponent(run)}/fitted-parts`, { document: session.document }).catch(() => null);
    if (number === this.#asked) this.nodes = found?.nodes ?? null;
  }
}
