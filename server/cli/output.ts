import { formatProblem, StillroomError, withoutControls, type Problem } from '../../plugins/sdk/problem.ts';
import { coloursOf } from './colours.ts';

/** Exit codes that mean something to a script. */
export const exitCode = {
  /** What was asked cannot be done as things are; the message says what to do. */
  problem: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** A defect of Stillroom's own. */
  defect: 70,
  /** Ctrl-C, or a request to end. */
  interrupted: 130,
} as const;

const exitCodeOf = new Map<string, number>([
  ['cancelled', exitCode.interrupted],
  ['bad-usage', exitCode.usage],
]);

/** The one JSON document that a command with `--json` writes to standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(JSON.stringify(value, null, 2) + '\n');
}

/** One line on standard error. */
export function writeProblem(problem: Problem): void {
  const { red, yellow } = coloursOf(process.stderr);
  const severity = problem.severity === 'error' ? red('error') : yellow('warning');
  // A problem of a node that lies in a file is found by both.
  const file = problem.node && problem.file ? `${withoutControls(problem.file)}: ` : '';
  process.stderr.write(`${severity}: ${file}${formatProblem(problem)}\n`);
}

/**
 * Reports what went wrong (one line per problem on standard error; with `json` one document on standard output) and
 * sets the exit code. What is not a `StillroomError` is a defect and shows its stack.
 */
export function fail(error: unknown, json = false): void {
  if (error instanceof StillroomError) {
    process.exitCode = exitCodeOf.get(error.code) ?? exitCode.problem;
    error.problems.forEach(writeProblem);
  } else {
    process.exitCode = exitCode.defect;
    process.stderr.write(`${coloursOf(process.stderr).red('defect')}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  }
  if (json) printJson({ error: describeError(error) });
}

/** An error as `--json` gives it. */
export function describeError(error: unknown) {
  if (!(error instanceof StillroomError)) {
    return { code: 'defect', message: error instanceof Error ? error.message : String(error) };
  }
  const { code, message, hint, place, problems } = error;
  return { code, message, ...(hint ? { hint } : {}), ...place, ...(problems.length > 1 ? { problems } : {}) };
}
