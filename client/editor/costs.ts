import type { CanvasNode } from '../canvas/canvas-node.svelte.ts';
import { count } from '../parts/figures.ts';
import { catalogue } from '../state/catalogue.svelte.ts';
import type { Check, Cost } from '../state/types.ts';

/** What each node of a level costs; an instance of a sub-graph costs what is inside of it. */
export function costsAt(check: Check | null, prefix: string): Map<string, Cost> {
  const costs = new Map<string, Cost>();
  for (const [path, { cost }] of Object.entries(check?.nodes ?? {})) {
    if (!path.startsWith(prefix)) continue;
    const id = path.slice(prefix.length).split('/')[0]!;
    const sum = costs.get(id) ?? { parameters: 0, multiplyAdds: 0, activationBytes: 0 };
    costs.set(id, { parameters: sum.parameters + cost.parameters, multiplyAdds: sum.multiplyAdds + cost.multiplyAdds, activationBytes: sum.activationBytes + cost.activationBytes });
  }
  return costs;
}

/** Puts on nodes what they cost, in words or by colour, where that is wanted; and whether they learn. */
export function showCosts(nodes: readonly CanvasNode[], check: Check | null, prefix: string, shows: { heat: boolean; cost: boolean }): void {
  const costs = costsAt(check, prefix);
  const most = Math.max(1, ...[...costs.values()].map(({ multiplyAdds }) => multiplyAdds));
  const total = check?.total.multiplyAdds || 1;
  for (const node of nodes) {
    const cost = costs.get(node.id);
    node.heat = shows.heat && cost ? cost.multiplyAdds / most : null;
    node.cost = shows.cost ? (cost ? inWords(cost, total) : '–') : null;
    node.learning = learningOf(node.type, cost);
  }
}

function inWords({ parameters, multiplyAdds }: Cost, total: number): string {
  const share = (100 * multiplyAdds) / total;
  return `${parameters > 0 ? `${count(parameters)} params · ` : ''}${count(multiplyAdds)} mult-adds${multiplyAdds > 0 ? ` · ${share < 1 ? '<1' : share.toFixed(0)} %` : ''}`;
}

/** Weights that are given are chosen by a parameter; those of other nodes are learnt. */
function learningOf(type: string, cost: Cost | undefined): 'fitted' | 'frozen' | null {
  if (!cost || cost.parameters === 0) return null;
  const isGiven = Object.values(catalogue.get(type)?.params ?? {}).some(({ control }) => control.kind === 'weights');
  return isGiven ? 'frozen' : 'fitted';
}
