import type { GraphDocument } from './document.ts';
import { fieldAt, type Path } from './path.ts';
import { change, isSame, type Change, type Patch } from './patch.ts';

/** The edit that makes one document of another. */
export function diffGraphs(before: GraphDocument, after: GraphDocument): Patch {
  const changes: Change[] = [];
  const compare = (path: Path): void => {
    const [a, b] = [fieldAt(before, path), fieldAt(after, path)];
    if (isSame(a, b)) return;
    if (isOpened(path, a, b)) for (const key of keysOf(path, a, b)) compare([...path, key]);
    else changes.push(change(path, a, b));
  };
  compare([]);
  return changes;
}

/** Whether what is at a path is compared member by member; a value of a parameter, an edge, a frame are one field. */
function isOpened(path: Path, a: unknown, b: unknown): boolean {
  const inSubgraphs = path[0] === 'subgraphs';
  const [kind, id, field, ...rest] = inSubgraphs ? path.slice(2) : path;
  if (path.length < (inSubgraphs ? 2 : 1)) return true;
  // What comes or goes as a whole is one field.
  if (inSubgraphs && path.length === 2) return a !== undefined && b !== undefined;
  if (kind === 'nodes') {
    if (id === undefined) return true;
    if (field === undefined) return a !== undefined && b !== undefined;
    return field === 'params' && rest.length === 0;
  }
  if (kind === 'layout') return id === undefined || (field === undefined && ['nodes', 'wires', 'frames', 'notes'].includes(id));
  return ['edges', 'inputs', 'outputs'].includes(kind!) && id === undefined;
}

function keysOf(path: Path, ...values: unknown[]): string[] {
  const keys = values.flatMap((value) => {
    if (!Array.isArray(value)) return Object.keys((value as object | undefined) ?? {});
    return value.map((item) => String((item as Record<string, unknown>)[path.at(-1) === 'edges' ? 'to' : 'id']));
  });
  return [...new Set(keys)];
}
