import { compactJson } from './canonical.ts';
import { parseEnd, type Edge, type GraphDocument, type Wiring } from './document.ts';
import { freeId } from './layout-ids.ts';
import { applyPatch, change, ConflictError, isSame, join, type Change, type Patch } from './patch.ts';
import { fieldAt, wiringOf, withField, type Path } from './path.ts';

/** A part of an edit that others have edited too since it was made. */
export interface Clash {
  /** The field that both touch. */
  path: Path;
  /** What of the edit goes with it: with a node its edges and its place. */
  changes: Patch;
  /** What the changes stand on and others took away, as changes that bring it back. */
  lost: Patch;
}

export interface Rebased {
  /** What of the edit can be made on the other document as it is. */
  fits: Patch;
  clashes: readonly Clash[];
  /** New things whose id others have taken meanwhile, and the id that they have in `fits`. */
  renamed: readonly Renaming[];
}

/** A node, sub-graph, frame or note by its path, and another id for it. */
export interface Renaming {
  path: Path;
  id: string;
}

/**
 * An edit put on another document than it was made on. What others have done the same way is left out, and so are places
 * of what is gone. `made` is the document with the edit, where it is still there: what others took away is found in it.
 */
export function rebase(document: GraphDocument, patch: Patch, made?: GraphDocument): Rebased {
  const renamed = taken(document, patch);
  const mine = renamed.reduce(rename, patch);
  const isDone = ({ path, after }: Change): boolean => isSame(fieldAt(document, path), after);
  let fits = mine.filter((one) => !isDone(one) && !(isPlace(one.path) && isPlaceless(document, mine, one.path)));
  const clashes: Clash[] = [];
  for (let met = meeting(document, fits); met.length > 0; met = meeting(document, fits)) {
    for (const path of met) {
      const changes = withCompanions(fits, path);
      if (changes.length === 0) continue;
      clashes.push({ path, changes, lost: made ? missing(document, changes, made) : [] });
      fits = fits.filter((one) => !changes.includes(one));
    }
  }
  return { fits, clashes, renamed };
}

/** The edit that has one's own of a clash, whatever others have put there; empty where what it stands on is gone for good. */
export function insist(document: GraphDocument, { changes, lost }: Clash): Patch {
  let edited = document;
  const patch: Change[] = [];
  const put = (path: Path, after: unknown): void => {
    patch.push(change(path, fieldAt(edited, path), after));
    edited = withField(edited, path, after);
  };
  for (const { path, after } of lost) if (fieldAt(edited, path) === undefined) put(path, after);
  for (const { path, after } of changes) if (!isOrphan(edited, [], path)) put(path, after);
  for (const wiring of wiringsOf([...lost, ...changes])) for (const { to } of looseEdges(edited, wiring)) put([...wiring, 'edges', to], undefined);
  return join([], patch);
}

/** An edit whose new node, sub-graph, frame or note has another id. */
export function rename(patch: Patch, { path: [...path], id }: Renaming): Patch {
  const old = path.pop()!;
  const kind = path.at(-1)!;
  const wiring = wiringOf(path);
  const end = (text: string): string => (parseEnd(text).node === old ? `${id}${text.slice(old.length)}` : text);
  const isIn = (at: Path, of: Path): boolean => of.every((key, i) => at[i] === key);
  const moved = (at: Path): Path => {
    if (isIn(at, [...path, old])) return [...path, id, ...at.slice(path.length + 1)];
    if (kind !== 'nodes' || !isIn(at, wiring)) return at;
    const rest = at.slice(wiring.length);
    if (rest[0] === 'edges' && rest[1] !== undefined) return [...wiring, 'edges', end(rest[1]), ...rest.slice(2)];
    if (rest[0] !== 'layout' || rest[2] === undefined) return at;
    return [...wiring, 'layout', rest[1]!, rest[1] === 'nodes' && rest[2] === old ? id : rest[1] === 'wires' ? end(rest[2]) : rest[2], ...rest.slice(3)];
  };
  const value = (at: Path, of: unknown): unknown => {
    if (typeof of !== 'object' || of === null) return of;
    if (kind === 'nodes') return at[wiring.length] === 'edges' && isIn(at, wiring) ? { from: end((of as Edge).from), to: end((of as Edge).to) } : of;
    if (kind === 'subgraphs') return 'of' in of && of.of === old ? { ...of, of: id } : of;
    return isIn(at, [...path, old]) ? { ...of, id } : of;
  };
  return patch.map(({ path: at, before, after }) => change(moved(at), value(at, before), value(at, after)));
}

/** What an edit adds under an id that others have given to something else. */
function taken(document: GraphDocument, patch: Patch): Renaming[] {
  const added = patch.filter(({ path, before, after }) => before === undefined && after !== undefined && isNamed(path));
  return added.flatMap(({ path, after }) => {
    const found = fieldAt(document, path);
    if (found === undefined || isSame(found, after)) return [];
    const [id, within] = [path.at(-1)!, path.slice(0, -1)];
    const isTaken = (name: string): boolean => fieldAt(document, [...within, name]) !== undefined || added.some((one) => isSame(one.path, [...within, name]));
    return [{ path, id: freeId(id, isTaken) }];
  });
}

/** Paths of changes that meet other edits, or whose node or sub-graph is gone. */
function meeting(document: GraphDocument, patch: Patch): Path[] {
  const orphans = patch.filter(({ path }) => isOrphan(document, patch, path)).map(({ path }) => path);
  if (orphans.length > 0) return orphans;
  try {
    applyPatch(document, patch);
    return [];
  } catch (error) {
    if (error instanceof ConflictError) return error.conflicts.map(({ path }) => path);
    throw error;
  }
}

/** The change at a path and what makes no sense without it. */
function withCompanions(patch: Patch, path: Path): Change[] {
  const wiring = wiringOf(path);
  const [kind, id, ...rest] = path.slice(wiring.length);
  const at = (...inner: string[]): Path => [...wiring, ...inner];
  const isOne = (one: Change): boolean => isSame(one.path, path);
  if (isPlace(path)) return patch.filter((one) => isPlace(one.path) && isSame(wiringOf(one.path), wiring));
  if (kind === 'edges') return patch.filter((one) => isOne(one) || isSame(one.path, at('layout', 'wires', id!)));
  if (kind !== 'nodes' || rest.length > 0) return patch.filter(isOne);
  const edges = patch.filter((one) => isSame(one.path.slice(0, -1), at('edges')) && [one.before, one.after].some((edge) => edge !== undefined && touches(edge as Edge, id!)));
  const wires = new Set(edges.map((one) => one.path.at(-1)!));
  return patch.filter((one) => isOne(one) || isSame(one.path, at('layout', 'nodes', id!)) || edges.includes(one) || (isSame(one.path.slice(0, -1), at('layout', 'wires')) && wires.has(one.path.at(-1)!)));
}

/** Nodes and sub-graphs that changes stand on and that are gone, with their edges and places as they were. */
function missing(document: GraphDocument, changes: Patch, made: GraphDocument): Change[] {
  const back = new Map<string, Change>();
  const bring = (path: Path): void => {
    const was = fieldAt(made, path);
    if (was !== undefined && fieldAt(document, path) === undefined) back.set(compactJson(path), change(path, undefined, was));
  };
  for (const { path, after } of changes) {
    const wiring = wiringOf(path);
    if (wiring.length > 0 && path.length > wiring.length) bring(wiring);
    const [kind, id] = path.slice(wiring.length);
    const nodes = kind === 'nodes' && after !== undefined ? [id!] : kind === 'edges' && after !== undefined ? [(after as Edge).from, (after as Edge).to].map((end) => parseEnd(end).node) : [];
    for (const node of nodes.filter((one) => fieldAt(document, [...wiring, 'nodes', one]) === undefined)) {
      bring([...wiring, 'nodes', node]);
      bring([...wiring, 'layout', 'nodes', node]);
      for (const edge of (fieldAt(made, [...wiring, 'edges']) as Edge[] | undefined) ?? []) if (touches(edge, node)) bring([...wiring, 'edges', edge.to]);
    }
  }
  return [...back.values()];
}

/** Whether a path leads into a node or a sub-graph that neither a document nor the edit has. */
function isOrphan(document: GraphDocument, patch: Patch, path: Path): boolean {
  const isThere = (owner: Path): boolean => fieldAt(document, owner) !== undefined || patch.some((one) => isSame(one.path, owner) && one.after !== undefined);
  const wiring = wiringOf(path);
  if (wiring.length > 0 && path.length > wiring.length && !isThere(wiring)) return true;
  return path[wiring.length] === 'nodes' && path.length > wiring.length + 2 && !isThere(path.slice(0, wiring.length + 2));
}

/** Whether a path is that of where a node stands or of what a wire is led through. */
function isPlace(path: Path): boolean {
  const [kind, what] = path.slice(wiringOf(path).length);
  return kind === 'layout' && (what === 'nodes' || what === 'wires');
}

/** Whether that node or wire is neither in the document nor added. */
function isPlaceless(document: GraphDocument, patch: Patch, path: Path): boolean {
  const wiring = wiringOf(path);
  const [, what, id] = path.slice(wiring.length);
  const owner = [...wiring, what === 'nodes' ? 'nodes' : 'edges', id!];
  return fieldAt(document, owner) === undefined && !patch.some((one) => isSame(one.path, owner) && one.after !== undefined);
}

/** Whether a path is that of a whole node, sub-graph, frame or note. */
function isNamed(path: Path): boolean {
  if (path[0] === 'subgraphs' && path.length === 2) return true;
  const rest = path.slice(wiringOf(path).length);
  return (rest.length === 2 && rest[0] === 'nodes') || (rest.length === 3 && rest[0] === 'layout' && (rest[1] === 'frames' || rest[1] === 'notes'));
}

function looseEdges(document: GraphDocument, wiring: Path): Edge[] {
  const { nodes, edges } = ((wiring.length > 0 ? fieldAt(document, wiring) : document) as Wiring | undefined) ?? { nodes: {}, edges: [] };
  const isGone = (end: string): boolean => !end.startsWith('$') && !Object.hasOwn(nodes, parseEnd(end).node);
  return edges.filter(({ from, to }) => isGone(from) || isGone(to));
}

const wiringsOf = (patch: Patch): Path[] => [...new Map(patch.map(({ path }) => wiringOf(path)).map((path) => [path.join(), path])).values()];
const touches = ({ from, to }: Edge, node: string): boolean => [from, to].some((end) => parseEnd(end).node === node);
