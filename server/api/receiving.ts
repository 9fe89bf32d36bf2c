import type { Request, Response } from 'express';

/** How long a client may go on sending what was refused already, ms. */
const patience = 10_000;

/**
 * Reads a body that a handler streams. Where it is refused before its end, the rest is thrown away for a while, so that the
 * client gets to read why, and the connection ends.
 */
export async function receiving<T>(request: Request, response: Response, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    response.set('Connection', 'close');
    if (!request.complete) {
      request.resume();
      const timer = setTimeout(() => request.destroy(), patience).unref();
      request.once('close', () => clearTimeout(timer));
    }
    throw error;
  }
}
