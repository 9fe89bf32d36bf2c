import express, { type RequestHandler } from 'express';
import { StillroomError } from '../../plugins/sdk/index.ts';
import { JSON_LIMITS } from '../graph/json.ts';

const readText = express.text({ type: ['application/json', 'application/*+json'], limit: JSON_LIMITS.characters });

/** Reads the JSON of a request as text, of a bounded size and in a bounded time, so that none keeps a place by trickling. */
export function textBody(seconds: number): RequestHandler {
  return (request, response, next) => {
    let isOver = false;
    const end = (error?: unknown): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      next(error);
    };
    const timer = setTimeout(() => {
      response.set('Connection', 'close').once('finish', () => request.destroy());
      end(new StillroomError('body-too-slow', `expected the whole body within ${seconds} seconds, found more to come`));
    }, 1000 * seconds);
    readText(request, response, end);
  };
}
