import type { Sockets } from '../../plugins/sdk/index.ts';
import type { NodeType } from '../state/types.ts';
import type { Spot } from './editing.svelte.ts';
import { throughOf, type NodeSockets } from './edits/leading-past.ts';
import type { Placeable } from './placeable.ts';

/** Node types that all words of a search are found in, those first whose title begins with it. */
export function findTypes<T extends Placeable>(types: readonly T[], text: string): T[] {
  const wanted = text.trim().toLowerCase();
  const words = wanted.split(/\s+/).filter(Boolean);
  const rank = ({ title, type, category }: Placeable): number => {
    const name = title.toLowerCase();
    if (wanted !== '' && name.startsWith(wanted)) return 0;
    if (words.every((word) => name.includes(word))) return 1;
    return words.every((word) => `${name} ${type} ${category}`.toLowerCase().includes(word)) ? 2 : 3;
  };
  return types
    .filter(({ title, type, category, summary }) => words.every((word) => `${title} ${type} ${category} ${summary}`.toLowerCase().includes(word)))
    .map((type) => ({ type, rank: words.length === 0 ? 0 : rank(type) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ type }) => type);
}

/** Node types that fit a place: the end of a wire, or a wire that they would be put onto. */
export function fittingTypes<T extends Placeable>(types: readonly T[], { from, wire }: Pick<Spot, 'from' | 'wire'>): T[] {
  if (from) return types.filter(({ inputs, outputs }) => Object.values(from.side === 'out' ? inputs : outputs).some(({ type }) => type === from.type));
  return wire ? types.filter((type) => throughOf(type, wire.type) !== null) : [...types];
}

/** Node types that could stand for one: they keep as many of its socket types as they can, those of its category first. */
export function replacingTypes(types: readonly NodeType[], old: NodeType | undefined, { inputs, outputs }: NodeSockets): NodeType[] {
  const lost = (before: Sockets, after: Sockets): number => {
    const left = Object.values(after).map(({ type }) => type);
    return Object.values(before).filter(({ type }) => !left.includes(type)).length;
  };
  const rank = (type: NodeType): number => 10 * (lost(inputs, type.inputs) + lost(outputs, type.outputs)) + (type.category === old?.category ? 0 : 1);
  const most = Object.keys(inputs).length + Object.keys(outputs).length;
  return types.filter((type) => type.type !== old?.type && (most === 0 || rank(type) < 10 * most)).sort((a, b) => rank(a) - rank(b));
}
