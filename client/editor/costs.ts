import type { CanvasNode, ShownCost } from '../canvas/canvas-node.svelte.ts';
import { bytes, count, milliseconds as time } from '../parts/figures.ts';
import { catalogue } from '../state/catalogue.svelte.ts';
import type { Check, Cost } from '../state/types.ts';
import { nodeAt } from './node-at.ts';

/** What a node costs for one image; its time where a run has measured it. */
export interface NodeCost extends Cost {
  milliseconds: number | null;
}

/** By what nodes can be coloured. */
export const measures = { multiplyAdds: 'multiply-adds', milliseconds: 'measured time', activationBytes: 'memory', parameters: 'parameters' } as const;
export type Measure = keyof typeof measures;

/** What each node of a level costs; an instance of a sub-graph costs what is inside of it. */
export function costsAt(check: Check | null, prefix: string, measured: Readonly<Record<string, number>>): Map<string, NodeCost> {
  const costs = new Map<string, NodeCost>();
  for (const [path, { cost }] of Object.entries(check?.nodes ?? {})) {
    const id = nodeAt(path, prefix);
    if (id === null) continue;
    const sum = costs.get(id) ?? { parameters: 0, multiplyAdds: 0, activationBytes: 0, milliseconds: null };
    const took = measured[path];
    costs.set(id, {
      parameters: sum.parameters + cost.parameters,
      multiplyAdds: sum.multiplyAdds + cost.multiplyAdds,
      activationBytes: sum.activationBytes + cost.activationBytes,
      milliseconds: took === undefined ? sum.milliseconds : (sum.milliseconds ?? 0) + took,
    });
  }
  return costs;
}

export const inWords = (value: number, measure: Measure): string =>
  measure === 'milliseconds' ? time(value) : measure === 'activationBytes' ? bytes(value) : count(value);

/** Of a measure, what all nodes of a graph have together; null where nothing is measured. */
export function totalOf(check: Check | null, measure: Measure, measured: Readonly<Record<string, number>>): number | null {
  if (measure !== 'milliseconds') return check?.total[measure] ?? null;
  const all = Object.values(measured);
  return all.length === 0 ? null : all.reduce((sum, one) => sum + one, 0);
}

/** Puts on nodes what they cost, in words or by colour, where that is wanted; and whether they learn. */
export function showCosts(nodes: readonly CanvasNode[], check: Check | null, prefix: string, measured: Readonly<Record<string, number>>, shows: { heat: boolean; heatBy: Measure; cost: boolean }): void {
  const costs = costsAt(check, prefix, measured);
  const most = Math.max(...[...costs.values()].map((cost) => cost[shows.heatBy] ?? 0)) || 1;
  const total = totalOf(check, shows.heatBy, measured);
  for (const node of nodes) {
    const cost = costs.get(node.id);
    const value = cost?.[shows.heatBy] ?? null;
    node.heat = shows.heat && value !== null ? value / most : null;
    node.cost = shows.cost ? (cost ? shownCost(cost, shows.heatBy, total) : { text: '–', share: '', help: '' }) : null;
    node.learning = learningOf(node.type, cost);
  }
}

/** Parameters where there are any, and what is looked at with its share of the whole; short enough for a node. */
function shownCost(cost: NodeCost, measure: Measure, total: number | null): ShownCost {
  const value = cost[measure];
  const hasParameters = cost.parameters > 0 && measure !== 'parameters';
  const share = value !== null && value > 0 && total ? shareText(value / total) : '';
  const said = (units: { parameters: string; multiplyAdds: string }): string[] => [
    ...(hasParameters ? [`${count(cost.parameters)} ${units.parameters}`] : []),
    value === null ? 'not measured' : `${inWords(value, measure)}${measure === 'parameters' || measure === 'multiplyAdds' ? ` ${units[measure]}` : ''}`,
  ];
  const help = [...said({ parameters: 'parameters', multiplyAdds: 'multiply-adds' }), ...(share ? [`${share} of all ${measures[measure]}`] : [])].join(', ');
  return { text: said({ parameters: 'params', multiplyAdds: 'MACs' }).join(' · '), share, help };
}

/** Of a measure, the share of all that the costliest node of a level has: it has the most heat; null where nothing is measured. */
export function greatestShare(check: Check | null, prefix: string, measured: Readonly<Record<string, number>>, measure: Measure): number | null {
  const total = totalOf(check, measure, measured);
  const values = [...costsAt(check, prefix, measured).values()].map((cost) => cost[measure] ?? 0);
  return total && values.length > 0 ? Math.max(...values) / total : null;
}

export const shareText = (share: number): string => (share < 0.01 ? '<1 %' : `${(100 * share).toFixed(0)} %`);

/** Weights that are given are chosen by a parameter; those of other nodes are learnt. */
function learningOf(type: string, cost: Cost | undefined): 'learns' | 'frozen' | null {
  if (!cost || cost.parameters === 0) return null;
  const isGiven = Object.values(catalogue.get(type)?.params ?? {}).some(({ control }) => control.kind === 'weights');
  return isGiven ? 'frozen' : 'learns';
}
