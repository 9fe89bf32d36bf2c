import type { GraphDocument } from './document.ts';
import { FIELDS, type RecordKind } from './fields.ts';

/**
 * The one text of a document: known fields in the order of `FIELDS`, unknown ones after them and by name, records by
 * id, a node in a block of lines, an edge or a node's place on one, so that a diff of two versions reads as what was
 * done. Reading the text gives the same document, and writing that gives the same text.
 */
export function stringifyGraph(document: GraphDocument): string {
  return `${block(fields(document as unknown as Json, 'document').map(([key, value]) => member(key, documentField(key, value))))}\n`;
}

/** The same value for the same content, on one line: keys by name, lists as they are. For hashes and comparisons. */
export function compactJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(compactJson).join(',')}]`;
  if (!isRecord(value)) return scalar(value);
  const members = byName(present(value)).map(([key, item]) => `${JSON.stringify(key)}:${compactJson(item)}`);
  return `{${members.join(',')}}`;
}

type Json = Record<string, unknown>;
const WIDTH = 100;

function documentField(key: string, value: unknown): string {
  if (key === 'subgraphs') return recordOf(value, (item) => recordBlock(item, 'subgraph', wiringField));
  return wiringField(key, value);
}

function wiringField(key: string, value: unknown): string {
  if (key === 'nodes') return recordOf(value, (item) => recordBlock(item, 'node', nodeField));
  if (key === 'edges') return listOf([...(value as Json[])].sort(byEnds), (item) => line(item, 'edge'));
  if (key === 'inputs' || key === 'outputs') return recordOf(value, (item) => line(item, 'port'));
  if (key === 'layout') return recordBlock(value, 'layout', layoutField);
  return generic(value);
}

function nodeField(key: string, value: unknown): string {
  return key === 'params' ? recordOf(value, generic) : generic(value);
}

function layoutField(key: string, value: unknown): string {
  if (key === 'nodes') return recordOf(value, (item) => line(item, 'nodeLayout'));
  if (key === 'wires') return recordOf(value, flat);
  if (key === 'frames') return listOf(value as unknown[], (item) => line(item, 'frame'));
  if (key === 'notes') return listOf(value as unknown[], (item) => line(item, 'note'));
  return generic(value);
}

function recordBlock(value: unknown, kind: RecordKind, field: (key: string, value: unknown) => string): string {
  return block(fields(value as Json, kind).map(([key, item]) => member(key, field(key, item))));
}

/** A record by id; each item as `write` has it. */
function recordOf(value: unknown, write: (item: unknown) => string): string {
  return block(byName(present(value as Json)).map(([key, item]) => member(key, write(item))));
}

function listOf(items: readonly unknown[], write: (item: unknown) => string): string {
  return block(items.map(write), '[', ']');
}

function line(value: unknown, kind: RecordKind): string {
  const members = fields(value as Json, kind).map(([key, item]) => member(key, flat(item)));
  return members.length ? `{ ${members.join(', ')} }` : '{}';
}

/** On one line where it is short, else one item a line; keys by name. */
function generic(value: unknown): string {
  const short = flat(value);
  if (short.length <= WIDTH || typeof value !== 'object' || value === null) return short;
  return Array.isArray(value) ? listOf(value, generic) : recordOf(value, generic);
}

function flat(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flat).join(', ')}]`;
  if (!isRecord(value)) return scalar(value);
  const members = byName(present(value)).map(([key, item]) => member(key, flat(item)));
  return members.length ? `{ ${members.join(', ')} }` : '{}';
}

function scalar(value: unknown): string {
  // JSON has no such number, and null in its place would be another document.
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError(`a document cannot hold ${value}`);
  return JSON.stringify(value);
}

function block(parts: readonly string[], open = '{', close = '}'): string {
  if (parts.length === 0) return open + close;
  return `${open}\n${parts.map((part) => `  ${part.replaceAll('\n', '\n  ')}`).join(',\n')}\n${close}`;
}

const member = (key: string, value: string): string => `${JSON.stringify(key)}: ${value}`;

function fields(record: Json, kind: RecordKind): [string, unknown][] {
  const known: readonly string[] = FIELDS[kind];
  const there = present(record);
  return [
    ...known.flatMap((key) => there.filter(([name]) => name === key)),
    ...byName(there.filter(([name]) => !known.includes(name))),
  ];
}

function present(record: Json): [string, unknown][] {
  return Object.entries(record).filter(([, value]) => value !== undefined);
}

function byName(entries: [string, unknown][]): [string, unknown][] {
  return entries.sort(([a], [b]) => compare(a, b));
}

/** By target, since an input has one edge. */
function byEnds(a: Json, b: Json): number {
  return compare(String(a['to']), String(b['to'])) || compare(String(a['from']), String(b['from']));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null;
