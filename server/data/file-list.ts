import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { StillroomError } from '../../plugins/sdk/problem.ts';

export type SplitName = 'train' | 'validation' | 'test';

/** What a list says of an image. */
export interface ListedImage {
  /** Relative to the dataset's root, with `/`. */
  path: string;
  split: SplitName;
  /** `good` or the name of a defect; absent where the list leaves it to the layout. */
  label?: string;
  /** Paths likewise; empty where the list names none. */
  masks: string[];
  category?: string;
  /** Where the list says so, from 1. */
  line: number;
}

/** Far more than half a million paths take. */
const largest = 256 * 2 ** 20;

/** Separates the masks of one image. */
export const betweenMasks = '|';

const splitNames = new Map<string, SplitName>([
  ['train', 'train'],
  ['validation', 'validation'],
  ['val', 'validation'],
  ['test', 'test'],
]);

/**
 * Reads which image goes to which split. CSV (or separated by tabs, semicolons, in a `.txt` by blanks) with the columns
 * path, split and, if wanted, label, mask and category, in this order unless a first line names them; or JSON: a list
 * of objects with these keys, or an object of lists of paths or objects by split.
 * Errors: `list-unreadable`; `list-invalid` with the line.
 */
export async function readFileList(file: string): Promise<ListedImage[]> {
  const text = await textOf(file);
  const rows = file.toLowerCase().endsWith('.json') ? rowsOfJson(text, file) : rowsOfTable(text, file);
  const listed = rows.map((row) => listedImage(row, file));
  const seen = new Map<string, ListedImage>();
  for (const image of listed) {
    const before = seen.get(image.path);
    if (before) throw invalid(file, image.line, `each image once, found ${image.path} in line ${before.line} already`);
    seen.set(image.path, image);
  }
  if (!listed.length) throw invalid(file, 1, 'images, found none');
  return listed;
}

interface Row {
  line: number;
  values: Partial<Record<string, unknown>>;
}

async function textOf(file: string): Promise<string> {
  try {
    const bytes = await readFile(file);
    if (bytes.length > largest) throw new Error(`${bytes.length} bytes`);
    return bytes.toString('utf8').replace(/^\uFEFF/, '');
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : (cause as Error).message;
    throw new StillroomError('list-unreadable', `expected a list of images that can be read, found ${reason}`, {
      file,
      hint: 'name it by its path from the folder of the dataset, or an absolute one',
      cause,
    });
  }
}

const columns = ['path', 'split', 'label', 'mask', 'category'];

function rowsOfTable(text: string, file: string): Row[] {
  const isBlank = file.toLowerCase().endsWith('.txt') && !/[,;\t]/.test(text.split('\n', 1)[0]!);
  let records: { record: string[]; info: { lines: number } }[];
  try {
    records = parse(text, {
      delimiter: isBlank ? ' ' : [',', ';', '\t'],
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      comment: '#',
      comment_no_infix: true,
    }) as unknown as typeof records;
  } catch (cause) {
    const line = cause instanceof Error && 'lines' in cause ? Number(cause.lines) : 1;
    throw invalid(file, line, `CSV, found: ${(cause as Error).message}`);
  }
  const first = records[0]?.record.map((name) => name.toLowerCase()) ?? [];
  const hasNames = first.includes('path') && first.includes('split');
  const names = hasNames ? first : columns;
  return records.slice(hasNames ? 1 : 0).map(({ record, info }) => ({
    line: info.lines,
    values: Object.fromEntries(names.map((name, i) => [name, record[i]])),
  }));
}

function rowsOfJson(text: string, file: string): Row[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid(file, 1, `JSON, found: ${(cause as Error).message}`);
  }
  const entries = Array.isArray(value)
    ? value
    : Object.entries(Object(value) as Record<string, unknown>).flatMap(([split, list]) =>
        (Array.isArray(list) ? list : [list]).map((entry) => (typeof entry === 'string' ? { path: entry, split } : { split, ...Object(entry) })),
      );
  return entries.map((entry: unknown, i) => ({ line: i + 1, values: Object(entry) as Row['values'] }));
}

function listedImage({ line, values }: Row, file: string): ListedImage {
  const text = (name: string): string => (typeof values[name] === 'string' ? values[name].trim() : '');
  const split = splitNames.get(text('split').toLowerCase());
  if (!split) throw invalid(file, line, `train, validation or test, found "${text('split')}"`);
  const path = within(text('path'), file, line);
  const given = Array.isArray(values['mask']) ? values['mask'].map(String) : text('mask').split(betweenMasks);
  const masks = given.filter(Boolean).map((mask) => within(mask, file, line));
  const [label, category] = [text('label'), text('category')];
  return { path, split, masks, line, ...(label ? { label } : {}), ...(category ? { category } : {}) };
}

/** A path as the dataset names it. */
function within(path: string, file: string, line: number): string {
  const parts = path.split(/[/\\]/).filter((part) => part !== '.' && part !== '');
  if (!parts.length || /^([/\\]|[a-z]:)/i.test(path) || parts.includes('..')) {
    throw invalid(file, line, `a path within the dataset, found "${path}"`);
  }
  return parts.join('/');
}

function invalid(file: string, line: number, message: string): StillroomError {
  return new StillroomError('list-invalid', `line ${line}: expected ${message}`, {
    file,
    hint: 'give path,split and, if wanted, label,mask: one image a line',
  });
}
