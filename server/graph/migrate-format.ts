import type { Problem } from '../../plugins/sdk/index.ts';
import { describeValue } from './explain.ts';

type Json = Record<string, unknown>;

/** From the document format of version `k` to `k + 1`, by `k`. */
export type FormatMigrations = Record<number, (document: Json) => Json>;

/** The first version has none before it. */
export const DOCUMENT_MIGRATIONS: FormatMigrations = {};

/** Brings a document of an older format to this one, step by step; one of a newer format is refused untouched. */
export function migrateFormat(
  value: unknown,
  current: number,
  migrations: FormatMigrations,
): { value: unknown; problem?: Problem } {
  const version = typeof value === 'object' && value !== null ? (value as Json)['stillroom'] : undefined;
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    const message = `expected a Stillroom graph with "stillroom": ${current}, found ${
      version === undefined ? `${describeValue(value)} without it` : describeValue(version)
    }`;
    return { value, problem: { code: 'document-version', severity: 'error', field: 'stillroom', message } };
  }
  if (version > current) {
    return {
      value,
      problem: {
        code: 'document-too-new',
        severity: 'error',
        field: 'stillroom',
        message: `expected a document of format ${current} or older, found ${version}`,
        hint: 'open it with a newer Stillroom; the file was left as it is',
      },
    };
  }
  let document = value as Json;
  for (let v = version; v < current; v++) document = { ...migrations[v]!(document), stillroom: v + 1 };
  return { value: document };
}
