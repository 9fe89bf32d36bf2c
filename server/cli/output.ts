import colors from 'yoctocolors';
import { formatProblem, StillroomError } from '../../plugins/sdk/problem.ts';

/** Exit codes that mean something to a script. */
export const exitCode = {
  /** What was asked cannot be done as things are; the message says what to do. */
  problem: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** A defect of Stillroom's own. */
  defect: 70,
} as const;

/** Colours for what goes to a terminal; on standard output that is none, the text as it is. */
export const paint = (style: 'bold' | 'dim' | 'green' | 'red' | 'yellow', text: string): string =>
  process.stdout.isTTY ? colors[style](text) : text;

/** The one JSON document that a command with `--json` writes to standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(JSON.stringify(value, null, 2) + '\n');
}

/**
 * Reports what went wrong (one line per problem on standard error; with `json` one document on standard output) and
 * sets the exit code. What is not a `StillroomError` is a defect and shows its stack.
 */
export function fail(error: unknown, json = false): void {
  const known = error instanceof StillroomError;
  process.exitCode = known ? exitCode.problem : exitCode.defect;
  if (known) for (const problem of error.problems) process.stderr.write(`${problem.severity}: ${formatProblem(problem)}\n`);
  else process.stderr.write(`defect: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  if (json) printJson({ error: describe(error) });
}

function describe(error: unknown) {
  if (!(error instanceof StillroomError)) {
    return { code: 'defect', message: error instanceof Error ? error.message : String(error) };
  }
  const { code, message, hint, place, problems } = error;
  return { code, message, ...(hint ? { hint } : {}), ...place, ...(problems.length > 1 ? { problems } : {}) };
}
