import { readFile } from 'node:fs/promises';
import { StillroomError, type Problem } from '../../plugins/sdk/problem.ts';
import type { GraphDocument } from '../graph/document.ts';
import { migrateGraph } from '../graph/migrate.ts';
import { parseGraph } from '../graph/parse.ts';
import type { Registry } from '../graph/registry.ts';

/**
 * Reads a graph document and brings it to this version; the file itself is left as it is. What may be wrong inside a
 * document that can be read (`check`) is not looked at; `warnings` are what its form gives rise to.
 * @throws StillroomError `graph-missing`, or `graph-invalid` with every problem of its form.
 */
export async function readGraphFile(
  file: string,
  registry: Registry,
): Promise<{ document: GraphDocument; warnings: Problem[] }> {
  const { document, problems } = parseGraph(await readText(file));
  if (!document) throw invalid(problems.map((problem) => located(problem, file)), file);
  return { document: migrateGraph(document, registry).document, warnings: problems };
}

function invalid(problems: readonly Problem[], file: string): StillroomError {
  const [first, second] = problems;
  if (first && !second) {
    const { code, message, severity: _severity, ...details } = first;
    return new StillroomError(code, message, details);
  }
  const message = `expected a graph document, found ${problems.length} problems with its form`;
  return new StillroomError('graph-invalid', message, { file, problems });
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const found = code === 'ENOENT' ? 'no such file' : code === 'EISDIR' ? 'a folder' : String(code ?? cause);
    throw new StillroomError('graph-missing', `expected a graph document, found ${found}`, {
      file,
      hint: 'name a file such as graphs/dual-model.json',
      cause,
    });
  }
}

/** A problem without a node is found by its file; the field then goes into the sentence. */
function located(problem: Problem, file: string): Problem {
  if (problem.node || problem.field === undefined) return { ...problem, file };
  return { ...problem, file, message: `${problem.field}: ${problem.message}` };
}
