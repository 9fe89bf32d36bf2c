import type { Problem } from '../../plugins/sdk/index.ts';
import { call } from '../state/call.ts';
import type { Check } from '../state/types.ts';
import type { Editing } from './editing.svelte.ts';
import { isTried, matchesOf, problemKey, type Match, type Trial } from './edits/matching.ts';
import type { NodeSockets } from './edits/leading-past.ts';
import type { Repair } from './edits/repairs.ts';
import { sceneOf } from './repairs-for.ts';

/** The graph rests so long before repairs are tried, ms. */
const restsFor = 400;

/** What was tried and makes shapes of the graph agree that do not, or gives an output back. To be made while a component is. */
export class Matches {
  #found: readonly Match[] = $state.raw([]);
  #number = 0;

  constructor(editing: Editing) {
    $effect(() => {
      const { check } = editing.session;
      void editing.level;
      this.#found = [];
      const number = ++this.#number;
      if (!check?.problems.some(isTried)) return;
      const timer = setTimeout(() => void this.#look(editing, check, number), restsFor);
      return () => clearTimeout(timer);
    });
  }

  of(problem: Problem): Repair[] {
    return this.#found.filter(({ mends }) => mends.has(problemKey(problem)));
  }

  async #look(editing: Editing, check: Check, number: number): Promise<void> {
    const scene = sceneOf(editing);
    if (!scene) return;
    const { document } = scene;
    const isOver = (): boolean => number !== this.#number || editing.session.document !== document;
    const trial: Trial = {
      check: (tried) => call<Check>('POST', '/check', { document: tried }),
      socketsOf: ({ type }, params) => call<NodeSockets>('POST', '/nodes/sockets', { type, params }),
      isOver,
    };
    // Without an answer there is nothing to offer.
    const found = await matchesOf(check.problems, scene, trial).catch(() => []);
    if (!isOver()) this.#found = found;
  }
}
