import type { Request, Response, Router } from 'express';
import { z } from 'zod';
import { StillroomError } from '../../plugins/sdk/index.ts';
import { parseJson, JsonError } from '../graph/json.ts';
import { badRequest } from './bad-request.ts';

/** What a handler is given: what the schemas of its route have let pass. */
export interface Given<P, Q, B> {
  params: P;
  query: Q;
  body: B;
  request: Request;
  response: Response;
}

/**
 * One endpoint. The same schemas validate what comes in and describe it in the OpenAPI document; a handler returns the
 * body of its answer, sent as JSON.
 */
export interface Route<P extends z.ZodObject = z.ZodObject, Q extends z.ZodObject = z.ZodObject, B extends z.ZodType = z.ZodType> {
  /** Names it among all, for programs that are written from the OpenAPI document: a verb and what it is done with. */
  operation: string;
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below `/api`, with parameters as `{id}`. */
  path: string;
  summary: string;
  tag: string;
  params?: P;
  query?: Q;
  body?: B;
  /** Media types of a body that is no JSON, which the handler reads itself; in the place of `body`, or beside it: then `body` is undefined. */
  accepts?: readonly string[];
  answer: z.ZodType;
  /** Media types of good answers that the handler sends itself, beside the JSON of `answer`, or in its place where that is `z.undefined()`. */
  media?: readonly string[];
  /** Status of a good answer; 200 where absent. */
  status?: number;
  /** Codes of errors that this route may answer with, by status. */
  problems?: Readonly<Record<number, string>>;
  /** Answered without a token. */
  open?: boolean;
  handle(given: Given<z.output<P>, z.output<Q>, z.output<B>>): unknown;
}

/** Keeps the types of a route's schemas while it is declared. */
export function route<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(declared: Route<P, Q, B>): Route {
  return declared as unknown as Route;
}

export function mount(router: Router, routes: readonly Route[]): void {
  for (const one of routes) {
    router[one.method](one.path.replaceAll(/\{(\w+)\}/g, ':$1'), async (request, response) => {
      const answer = await one.handle({
        params: accept(one.params, request.params, 'path'),
        query: accept(one.query, request.query, 'query'),
        body: one.body && !isOther(one, request) ? accept(strict(one.body), jsonOf(request), 'body') : undefined,
        request,
        response,
      });
      if (response.headersSent || response.writableEnded) return;
      response.status(one.status ?? 200);
      if (answer === undefined) response.end();
      else response.json(answer);
    });
  }
}

/** Whether the body is one that the handler reads itself. */
function isOther({ accepts }: Route, request: Request): boolean {
  return accepts !== undefined && Boolean(request.is([...accepts]));
}

/** What a body has that nobody asks for is a typing error. */
const strict = (schema: z.ZodType): z.ZodType => (schema instanceof z.ZodObject ? schema.strict() : schema);

/** Bounded in size and depth; no key may reach a prototype. */
function jsonOf(request: Request): unknown {
  const text = typeof request.body === 'string' ? request.body : '';
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const { code, message, line, column } = error;
    throw new StillroomError(code, message, { field: `line ${line}, column ${column}`, hint: 'send JSON as application/json' });
  }
}

function accept(schema: z.ZodType | undefined, value: unknown, part: string): never {
  const { data, error } = (schema ?? z.object({})).safeParse(value);
  if (error) throw badRequest(error, value, part);
  return data as never;
}
