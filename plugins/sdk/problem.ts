/**
 * Problems are interface: what a person reads when something is wrong.
 * Each names its place (node, socket, parameter, file), what was expected, what was found, and what to do.
 */
export interface Place {
  /** Id of the node in the document; inside a sub-graph instance `instance/inner`. */
  node?: string;
  /** Socket of that node. */
  socket?: string;
  /** Parameter of that node, or a path into the document (`edges › 3 › from`). */
  field?: string;
  /** File or folder on disk. */
  file?: string;
}

export interface Problem extends Place {
  /** Stable kebab-case code, listed in `docs/errors.md`. */
  code: string;
  severity: 'error' | 'warning';
  /** One sentence: what was expected and what was found. */
  message: string;
  /** What to do next, in the imperative. */
  hint?: string;
}

/** An error that a person can act on. Anything else that is thrown is a defect of ours. */
export class StillroomError extends Error {
  readonly code: string;
  readonly place: Place;
  readonly hint: string | undefined;
  /** Where one error carries many problems (a checked document), all of them. */
  readonly problems: readonly Problem[];

  constructor(
    code: string,
    message: string,
    details: Place & { hint?: string; cause?: unknown; problems?: readonly Problem[] } = {},
  ) {
    const { hint, cause, problems, ...place } = details;
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'StillroomError';
    this.code = code;
    this.place = place;
    this.hint = hint;
    this.problems = problems ?? [{ code, severity: 'error', message, ...place, ...(hint ? { hint } : {}) }];
  }

  /** The same error with more of its place known; each level adds the step it knows. */
  at(place: Place): StillroomError {
    return new StillroomError(this.code, this.message, {
      ...place,
      ...this.place,
      ...(this.hint ? { hint: this.hint } : {}),
      cause: this.cause,
      ...(this.problems.length > 1 ? { problems: this.problems.map((problem) => ({ ...place, ...problem })) } : {}),
    });
  }
}

/** `student.layer1: expected …, found … (do this)`: one line, for a terminal. */
export function formatProblem(problem: Problem): string {
  const where = problem.node
    ? problem.node + (problem.socket ? `.${problem.socket}` : problem.field ? ` › ${problem.field}` : '')
    : (problem.file ?? problem.field);
  return withoutControls([where ? `${where}: ` : '', problem.message, problem.hint ? ` (${problem.hint})` : ''].join(''));
}

/** Names of files may have characters that break a line, or that a terminal obeys: they are written as JSON has them. */
export function withoutControls(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, (character) =>
    character === '\n' ? '\\n' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
