import { StillroomError, type Place, type Problem } from '../../plugins/sdk/index.ts';
import { DOCUMENT_VERSION, type GraphDocument, type Wiring } from './document.ts';
import { describeValue, explain } from './explain.ts';
import { FIELDS, type RecordKind } from './fields.ts';
import { JSON_LIMITS, JsonError, parseJson } from './json.ts';
import { DOCUMENT_MIGRATIONS, migrateFormat, type FormatMigrations } from './migrate-format.ts';
import { nearest } from './nearest.ts';
import { asDocument, graphSchema } from './schema.ts';

export interface Parsed {
  /** The document, where nothing is wrong with its form; what is in it may still be wrong (`check`). */
  document?: GraphDocument;
  problems: Problem[];
}

/** Reads a document from text: bad JSON with its line and column, or everything that is wrong with its form. */
export function parseGraph(text: string, limits: typeof JSON_LIMITS = JSON_LIMITS): Parsed {
  try {
    return readGraph(parseJson(text, limits));
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const { code, line, column, message } = error;
    return { problems: [{ code, severity: 'error', field: `line ${line}, column ${column}`, message }] };
  }
}

/** Reads a document from a value that `parseJson` gave. Fields that the format does not know stay as they are. */
export function readGraph(value: unknown, migrations: FormatMigrations = DOCUMENT_MIGRATIONS): Parsed {
  const { value: current, problem } = migrateFormat(value, DOCUMENT_VERSION, migrations);
  if (problem) return { problems: [problem] };
  const { error } = graphSchema.safeParse(current);
  if (error) {
    return {
      problems: explain(error, current).map(({ path, message, hint }) => ({
        code: 'document-invalid',
        severity: 'error',
        ...placeOf(path),
        message,
        ...(hint ? { hint } : {}),
      })),
    };
  }
  // The value itself, not the schema's copy of it: what the schema does not know must survive.
  const document = asDocument(current as Parameters<typeof asDocument>[0]);
  return { document, problems: misspeltFields(document) };
}

/** The document in a value; with everything that is wrong with its form where there is none (`graph-invalid`). */
export function mustBeGraph(value: unknown): GraphDocument {
  const { document, problems } = readGraph(value);
  if (document) return document;
  throw invalidGraph(problems);
}

export function invalidGraph(problems: readonly Problem[]): StillroomError {
  return new StillroomError('graph-invalid', `expected a graph document, found: ${problems[0]!.message}`, { problems });
}

/** `['nodes', 'teacher', 'params']` → node `teacher`, field `params`. */
function placeOf(path: readonly (string | number)[]): Place {
  const [first, id, ...rest] = path;
  if (first !== 'nodes' || id === undefined) return path.length ? { field: path.join(' › ') } : {};
  return { node: String(id), ...(rest.length ? { field: rest.join(' › ') } : {}) };
}

/** Unknown fields are kept in silence, but one that is nearly a known one is most likely a slip. */
function misspeltFields(document: GraphDocument): Problem[] {
  const problems: Problem[] = [];
  const look = (record: object, kind: RecordKind, path: readonly string[]): void => {
    const known: readonly string[] = FIELDS[kind];
    for (const field of Object.keys(record)) {
      if (known.includes(field)) continue;
      const meant = nearest(field, known.filter((name) => !Object.hasOwn(record, name)));
      if (meant === undefined) continue;
      problems.push({
        code: 'unknown-field',
        severity: 'warning',
        ...placeOf([...path, field]),
        message: `expected a known field, found ${describeValue(field)}, which has no effect`,
        hint: `did you mean "${meant}"?`,
      });
    }
  };
  const lookInto = ({ nodes, edges }: Wiring, path: readonly string[]): void => {
    for (const [id, node] of Object.entries(nodes)) look(node, 'node', [...path, 'nodes', id]);
    edges.forEach((edge, i) => look(edge, 'edge', [...path, 'edges', String(i)]));
  };
  look(document, 'document', []);
  lookInto(document, []);
  for (const [id, subgraph] of Object.entries(document.subgraphs ?? {})) {
    look(subgraph, 'subgraph', ['subgraphs', id]);
    lookInto(subgraph, ['subgraphs', id]);
  }
  return problems;
}
