import type { Request, Response } from 'express';
import { sentError } from '../sent-error.ts';

export const linesMedia = 'application/x-ndjson';

/** Whether whoever asks wants each result as it comes. */
export const wantsLines = (request: Request): boolean => request.accepts('json', linesMedia) === linesMedia;

/**
 * Answers with lines of JSON as they come. Where it fails after the first, the last line says why, as
 * `{"problem": …}`.
 */
export async function answerInLines(response: Response, work: (line: (value: unknown) => void) => Promise<void>): Promise<void> {
  try {
    await work((value) => {
      if (!response.headersSent) response.status(200).type(linesMedia);
      response.write(`${JSON.stringify(value)}\n`);
    });
  } catch (error) {
    if (!response.headersSent) throw error;
    const { code, message, place, hint } = sentError(error);
    response.write(`${JSON.stringify({ problem: { code: code ?? 'defect', title: message, ...place, ...(hint ? { hint } : {}) } })}\n`);
  }
  response.end();
}
