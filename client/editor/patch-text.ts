import { diffGraphs } from '../../server/graph/diff.ts';
import { parseEnd, type GraphDocument } from '../../server/graph/document.ts';
import type { Change, Patch } from '../../server/graph/patch.ts';
import { wiringOf, type Path } from '../../server/graph/path.ts';

/** What people read of a node of a wiring. */
type TitleOf = (node: string, wiring: Path) => string;

/** What an edit has done, in words; what is moved about is told as one. */
export function patchText(patch: Patch, title: TitleOf): string[] {
  const changes = patch.flatMap(opened);
  const isPlace = ({ path }: Change): boolean => inWiring(path)[0] === 'layout';
  const logic = changes.filter((one) => !isPlace(one));
  const placed = changes.filter(isPlace);
  return [...logic.map((one) => changeText(one, title)), ...(placed.length > 0 ? [placedText(placed)] : [])];
}

/** What is another as a whole, a node or a sub-graph, is told by what of it is. */
function opened(one: Change): Patch {
  const { path, before, after } = one;
  const [kind, ...rest] = inWiring(path);
  const isWhole = kind === undefined ? path.length > 0 : kind === 'nodes' && rest.length === 1;
  if (!isWhole || before === undefined || after === undefined) return [one];
  const holding = (value: unknown): GraphDocument => path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as GraphDocument;
  return diffGraphs(holding(before), holding(after));
}

/** A path from the document, or the sub-graph, that it leads into. */
const inWiring = (path: Path): Path => path.slice(wiringOf(path).length);

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
    const [, kind = 'layout', id = ''] = inWiring(path);
    things.set(kind, (things.get(kind) ?? new Set()).add(id));
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
