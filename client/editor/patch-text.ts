import { parseEnd } from '../../server/graph/document.ts';
import type { Change, Patch } from '../../server/graph/patch.ts';
import { wiringOf, type Path } from '../../server/graph/path.ts';

/** What people read of a node of a wiring. */
type TitleOf = (node: string, wiring: Path) => string;

/** What an edit has done, in words; what is moved about is told as one. */
export function patchText(patch: Patch, title: TitleOf): string[] {
  const logic = patch.filter(({ path }) => path[0] !== 'layout');
  const placed = patch.filter(({ path }) => path[0] === 'layout');
  return [...logic.map((one) => changeText(one, title)), ...(placed.length > 0 ? [placedText(placed)] : [])];
}

function changeText({ path, before, after }: Change, title: TitleOf): string {
  const named = (node: string): string => title(node, wiringOf(path));
  const end = (text: string): string => (text === '' ? text : `${named(parseEnd(text).node)} ${parseEnd(text).socket}`);
  const [kind, id, field, ...rest] = path[0] === 'subgraphs' ? path.slice(2) : path;
  const within = path[0] === 'subgraphs' ? ` in ${path[1]}` : '';
  const deed = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  if (kind === undefined || (path[0] === 'subgraphs' && path.length === 2)) return `sub-graph ${path[1]} ${deed}`;
  if (kind === 'edges' && id !== undefined) return `${deed === 'added' ? 'wired' : deed === 'removed' ? 'unwired' : 'rewired'} ${end(fromOf(after ?? before))} → ${end(id)}${within}`;
  if (kind === 'nodes' && id !== undefined && field === undefined) return `${named(id)} ${deed}${within}`;
  const name = [kind === 'nodes' && id !== undefined ? named(id) : id, ...(field === 'params' ? rest : [field, ...rest])].filter((part) => part !== undefined).join(' › ');
  return `${name || kind}: ${valueText(before)} → ${valueText(after)}${within}`;
}

function placedText(changes: readonly Change[]): string {
  const things = new Map<string, Set<string>>();
  for (const { path } of changes) {
    const kind = path[1] ?? 'layout';
    things.set(kind, (things.get(kind) ?? new Set()).add(path[2] ?? ''));
  }
  const told = [...things].map(([kind, { size }]) => `${size} ${size === 1 ? kind.replace(/s$/, '') : kind}`);
  return `${told.join(', ')} placed`;
}

const fromOf = (edge: unknown): string => String((edge as { from?: string } | undefined)?.from ?? '');

function valueText(value: unknown): string {
  if (value === undefined) return 'as given';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
