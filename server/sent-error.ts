import { StillroomError, type Place, type Problem } from '../plugins/sdk/problem.ts';

/** An error on its way to another thread or process, which it would reach without its class. */
export interface SentError {
  code: string;
  message: string;
  place: Place;
  problems: readonly Problem[];
  hint?: string;
  cause?: string;
}

/** Takes an error apart; one that is a defect keeps its message. */
export function sentError(error: unknown): SentError {
  if (!(error instanceof StillroomError)) {
    const message = `expected the work to be done, found a defect of Stillroom: ${error instanceof Error ? error.message : String(error)}`;
    return { code: 'defect', message, place: {}, problems: [{ code: 'defect', severity: 'error', message }] };
  }
  const { code, message, place, problems, hint, cause } = error;
  return { code, message, place, problems, ...(hint === undefined ? {} : { hint }), ...(cause instanceof Error ? { cause: cause.message } : {}) };
}

/** Puts it together again. */
export function receivedError({ code, message, place, problems, hint, cause }: SentError): StillroomError {
  return new StillroomError(code, message, {
    ...place,
    problems,
    ...(hint === undefined ? {} : { hint }),
    ...(cause === undefined ? {} : { cause: new Error(cause) }),
  });
}
