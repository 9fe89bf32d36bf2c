import type { Change, Patch } from '../../server/graph/patch.ts';

/** What an edit has done, in words; what is moved about is told as one. */
export function patchText(patch: Patch): string[] {
  const logic = patch.filter(({ path }) => path[0] !== 'layout');
  const placed = patch.filter(({ path }) => path[0] === 'layout');
  return [...logic.map(changeText), ...(placed.length > 0 ? [placedText(placed)] : [])];
}

function changeText({ path, before, after }: Change): string {
  const [kind, id, field, ...rest] = path[0] === 'subgraphs' ? path.slice(2) : path;
  const within = path[0] === 'subgraphs' ? ` in ${path[1]}` : '';
  const deed = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  if (kind === undefined || (path[0] === 'subgraphs' && path.length === 2)) return `sub-graph ${path[1]} ${deed}`;
  if (kind === 'edges' && id !== undefined) return `${deed === 'added' ? 'wired' : deed === 'removed' ? 'unwired' : 'rewired'} ${fromOf(after ?? before)} → ${id}${within}`;
  if (kind === 'nodes' && id !== undefined && field === undefined) return `${id} ${deed}${within}`;
  const name = [id, ...(field === 'params' ? rest : [field, ...rest])].filter((part) => part !== undefined).join(' › ');
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
