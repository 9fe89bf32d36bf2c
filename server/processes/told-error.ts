import { StillroomError, type Place, type Problem } from '../../plugins/sdk/problem.ts';

/** An error on its way from one process to another. */
export interface ToldError {
  /** Null of a defect, which is none that a person can act on. */
  code: string | null;
  message: string;
  place: Place;
  hint?: string | undefined;
  problems: readonly Problem[];
  stack?: string | undefined;
}

export function toldError(error: unknown): ToldError {
  if (error instanceof StillroomError) {
    const { code, message, place, hint, problems } = error;
    return { code, message, place, hint, problems };
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { code: null, message, place: {}, problems: [], stack };
}

/** The error as it was where it was thrown. */
export function errorOfTold({ code, message, place, hint, problems, stack }: ToldError): Error {
  if (code !== null) return new StillroomError(code, message, { ...place, ...(hint === undefined ? {} : { hint }), problems });
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
