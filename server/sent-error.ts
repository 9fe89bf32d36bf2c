import { StillroomError, type Place, type Problem } from '../plugins/sdk/problem.ts';

/** An error on its way to another thread or process, which it would reach without its class. */
export interface SentError {
  /** Null of a defect, which is none that a person can act on. */
  code: string | null;
  message: string;
  place: Place;
  hint?: string | undefined;
  problems: readonly Problem[];
  /** What it was caused by, in words. */
  cause?: string | undefined;
  /** Of a defect. */
  stack?: string | undefined;
}

export function sentError(error: unknown): SentError {
  if (error instanceof StillroomError) {
    const { code, message, place, hint, problems, cause } = error;
    return { code, message, place, hint, problems, cause: cause instanceof Error ? cause.message : undefined };
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { code: null, message, place: {}, problems: [{ code: 'defect', severity: 'error', message }], stack };
}

/** The error as it was where it was thrown. */
export function receivedError({ code, message, place, hint, problems, cause, stack }: SentError): Error {
  if (code === null) return Object.assign(new Error(message), stack === undefined ? {} : { stack });
  return new StillroomError(code, message, {
    ...place,
    problems,
    ...(hint === undefined ? {} : { hint }),
    ...(cause === undefined ? {} : { cause: new Error(cause) }),
  });
}
