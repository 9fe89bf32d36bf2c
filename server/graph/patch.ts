import { StillroomError } from '../../plugins/sdk/index.ts';
import { compactJson } from './canonical.ts';
import { parseEnd, type Edge, type GraphDocument, type Wiring } from './document.ts';
import { fieldAt, placeOfPath, wiringOf, withField, type Path } from './path.ts';

/**
 * One field of a document, before and after; `undefined` where it is not there. A whole node, edge, frame or note is
 * the field that comes and goes with it; so is a value of a parameter, however deep.
 */
export interface Change {
  path: Path;
  before?: unknown;
  after?: unknown;
}

/** What an edit does. Its inverse is the same with both sides swapped. */
export type Patch = readonly Change[];

/** A change that does not meet what it was made on. */
export interface Conflict {
  path: Path;
  /** What the change was made on, what it would put there, and what is there now. */
  before?: unknown;
  after?: unknown;
  found?: unknown;
}

export class ConflictError extends StillroomError {
  readonly conflicts: readonly Conflict[];

  constructor(conflicts: readonly Conflict[]) {
    const [{ path }] = conflicts as [Conflict];
    super('edit-conflict', `expected ${path.join(' › ')} as it was when this edit was made, found it changed since`, {
      ...placeOfPath(path),
      hint: 'look at both versions and make the edit again on the newer one',
    });
    this.conflicts = conflicts;
  }
}

/**
 * The document after the edit. An edit made on an older revision fits as long as every field that it touches is as it
 * was, and the ends of every edge that it adds are still there.
 * @throws ConflictError and changes nothing where it does not.
 */
export function applyPatch(document: GraphDocument, patch: Patch): GraphDocument {
  const conflicts: Conflict[] = [];
  let edited = document;
  for (const { path, before, after } of patch) {
    const found = fieldAt(edited, path);
    if (!isSame(found, before)) conflicts.push(clash({ path, before, after }, found));
    edited = withField(edited, path, after);
  }
  conflicts.push(...looseEdges(edited, patch));
  if (conflicts.length) throw new ConflictError(conflicts);
  return edited;
}

export function invert(patch: Patch): Patch {
  return [...patch].reverse().map(({ path, before, after }) => change(path, after, before));
}

/**
 * Two edits as one: what a field was before the first, and is after the second. Fields that end as they began are left
 * out, so that a drag there and back is no edit.
 */
export function join(first: Patch, second: Patch): Patch {
  const joined = new Map<string, Change>();
  for (const one of [...first, ...second]) {
    const key = compactJson(one.path);
    const earlier = joined.get(key);
    // Its place among the others is that of the last: what it stands on may have come in between.
    joined.delete(key);
    joined.set(key, earlier ? change(one.path, earlier.before, one.after) : one);
  }
  return [...joined.values()].filter(({ before, after }) => !isSame(before, after));
}

export function change(path: Path, before: unknown, after: unknown): Change {
  return { path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

export function isSame(a: unknown, b: unknown): boolean {
  return a === b || (a !== undefined && b !== undefined && compactJson(a) === compactJson(b));
}

/** Edges that the edit adds to nodes that are gone, and edges added since to nodes that the edit takes away. */
function looseEdges(edited: GraphDocument, patch: Patch): Conflict[] {
  const wirings = new Map(patch.map(({ path }) => wiringOf(path)).map((path) => [path.join(), path]));
  return [...wirings.values()].flatMap((path) => {
    // A sub-graph that the edit takes away has no edges left.
    const { nodes, edges } = ((path.length ? fieldAt(edited, path) : edited) as Wiring | undefined) ?? { nodes: {}, edges: [] };
    const isGone = (end: string): boolean => !end.startsWith('$') && !Object.hasOwn(nodes, parseEnd(end).node);
    return edges
      .filter(({ from, to }) => isGone(from) || isGone(to))
      .flatMap((edge) => {
        const place = [...path, 'edges', edge.to];
        const added = patch.find((one) => isSame(one.path, place));
        const removed = patch.find(({ path: at, after }) => after === undefined && touches(at, edge, path));
        return added ? [clash(added, undefined)] : removed ? [clash(removed, edge)] : [];
      });
  });
}

/** Whether a path is that of a node at one of the ends. */
function touches(at: Path, { from, to }: Edge, wiring: Path): boolean {
  return [from, to].some((end) => isSame(at, [...wiring, 'nodes', parseEnd(end).node]));
}

function clash({ path, before, after }: Change, found: unknown): Conflict {
  return { ...change(path, before, after), ...(found === undefined ? {} : { found }) };
}
