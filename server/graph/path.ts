import type { Place } from '../../plugins/sdk/index.ts';
import { parseEnd, type GraphDocument } from './document.ts';

/**
 * Where a field of a document is: keys from the outside in. Members of lists go by key and not by place, so that two
 * edits of one list need not meet: an edge by the input it goes to (which has one), a frame or a note by its `id`.
 */
export type Path = readonly string[];

type Json = Record<string, unknown>;
const LISTS: ReadonlySet<string> = new Set(['edges', 'frames', 'notes']);

/** What is at a path; undefined where nothing is. */
export function fieldAt(document: GraphDocument, path: Path): unknown {
  let value: unknown = document;
  for (const key of path) value = memberOf(value, key);
  return value;
}

/**
 * The document with another value at a path, or without one. Records on the way that are not there are made; those that
 * are then empty go, unless the format asks for them. Everything off the way is shared with the document given.
 */
export function withField(document: GraphDocument, path: Path, value: unknown): GraphDocument {
  return written(document, path, 0, value) as GraphDocument;
}

/** The place that errors name: the node where the path is inside one, and the field. */
export function placeOfPath(path: Path): Place {
  const at = path[0] === 'subgraphs' ? 2 : 0;
  const [kind, id, ...rest] = path.slice(at);
  if (kind === 'nodes' && id !== undefined) {
    return { node: [...(at ? [path[1]!] : []), id].join('.'), ...(rest.length ? { field: rest.at(-1)! } : {}) };
  }
  if (kind === 'edges' && id !== undefined) {
    return parseEnd(id);
  }
  return { field: path.join(' › ') };
}

/** The wiring that holds what is at a path: the document's own, or that of a sub-graph. */
export const wiringOf = (path: Path): Path => (path[0] === 'subgraphs' ? path.slice(0, 2) : []);

function memberOf(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.find((item) => keyOf(item) === key);
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function written(value: unknown, path: Path, depth: number, after: unknown): unknown {
  if (depth === path.length) return after;
  const key = path[depth]!;
  const inner = written(memberOf(value, key), path, depth + 1, after);
  const isList = Array.isArray(value) || (value === undefined && LISTS.has(path[depth - 1] ?? ''));
  const changed = isList ? writtenList((value as unknown[] | undefined) ?? [], key, inner) : writtenRecord(value as Json | undefined, key, inner);
  return isEmpty(changed) && isOptional(path.slice(0, depth)) ? undefined : changed;
}

function writtenRecord(record: Json = {}, key: string, value: unknown): Json {
  if (value !== undefined) return { ...record, [key]: value };
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}

function writtenList(list: readonly unknown[], key: string, value: unknown): unknown[] {
  if (value === undefined) return list.filter((item) => keyOf(item) !== key);
  return list.some((item) => keyOf(item) === key) ? list.map((item) => (keyOf(item) === key ? value : item)) : [...list, value];
}

/** Everything but the records and lists that a wiring must have, and what stands in them by id. */
function isOptional(path: Path): boolean {
  if (path.length === 1 && path[0] === 'subgraphs') return true;
  const [first, ...rest] = path.slice(wiringOf(path).length);
  if (first === undefined || (path[0] === 'subgraphs' && path.length === 2)) return false;
  return !((['nodes', 'edges', 'inputs', 'outputs'].includes(first) && rest.length === 0) || (first === 'nodes' && rest.length === 1));
}

function keyOf(item: unknown): string | undefined {
  if (!isRecord(item)) return undefined;
  return (item['to'] ?? item['id']) as string | undefined;
}

const isEmpty = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.keys(value).length === 0;
const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
