import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { z } from 'zod';
import { StillroomError } from '../../plugins/sdk/index.ts';
import { changeSchema } from '../graph/change-schema.ts';
import { ConflictError } from '../graph/patch.ts';

/** Every failure of the API: RFC 9457's problem details, with Stillroom's own code and place. */
export const problemSchema = z
  .object({
    type: z.string().describe('Where the code is explained.'),
    title: z.string().describe('One sentence: what was expected and what was found.'),
    status: z.int(),
    code: z.string().describe('Stable; listed in docs/errors.md.'),
    node: z.string().optional(),
    socket: z.string().optional(),
    field: z.string().optional(),
    file: z.string().optional(),
    hint: z.string().optional().describe('What to do next.'),
    problems: z.array(z.record(z.string(), z.unknown())).optional().describe('Where there are several, all of them.'),
    conflicts: z
      .array(changeSchema.extend({ found: z.unknown().optional() }))
      .optional()
      .describe('Of an edit that does not fit: what it was made on, what it would put there, what is there now.'),
  })
  .meta({ id: 'Problem' });

/** Statuses of codes that are not 400, what was sent is wrong. */
const statuses: Readonly<Record<string, number>> = {
  'no-token': 401,
  'wrong-host': 403,
  'wrong-origin': 403,
  'outside-roots': 403,
  'address-refused': 403,
  'no-route': 404,
  'no-graph': 404,
  'no-dataset-registered': 404,
  'no-image': 404,
  'no-weights-registered': 404,
  'image-without-mask': 404,
  'not-scanned': 409,
  'dataset-name-taken': 409,
  'weights-name-taken': 409,
  'weights-not-added': 409,
  'weights-offline': 409,
  'dataset-gone': 410,
  'upload-too-large': 413,
  'upload-unsupported': 415,
  'pictures-busy': 503,
  'engine-missing': 503,
  'preview-worker-ended': 503,
  'preview-timeout': 504,
  'no-node-type': 404,
  'no-revision': 404,
  'no-template': 404,
  'plugin-file-unfit': 502,
  'no-exporter': 404,
  'export-at-work': 409,
  'export-failed': 502,
  'export-timeout': 504,
  'no-plugin': 404,
  'no-client-part': 404,
  'plugin-entry-missing': 502,
  'plugin-not-confirmed': 409,
  'plugin-not-installed': 409,
  'npm-failed': 502,
  'npm-missing': 503,
  'plugin-timeout': 502,
  'plugin-process-ended': 502,
  'plugin-failed': 502,
  'plugin-answer-invalid': 502,
  'layout-failed': 502,
  'layout-timeout': 502,
  'weights-reader-failed': 502,
  'no-run': 404,
  'no-file': 404,
  'no-such-result': 404,
  'no-upload': 404,
  'no-picture': 404,
  'no-prediction': 404,
  'no-category': 404,
  'edit-conflict': 409,
  superseded: 409,
  'run-over': 409,
  'run-not-asked-here': 409,
  'run-at-work': 409,
  'not-acceptable': 406,
  'run-unfinished': 409,
  'revision-changed': 412,
  'body-too-slow': 408,
  'body-too-large': 413,
  'disk-full': 507,
  'cannot-write': 500,
  'weights-registry-corrupt': 500,
  'process-ended': 500,
  defect: 500,
};

export const answerNotFound: RequestHandler = (request) => {
  throw new StillroomError('no-route', `expected an address of the API, found ${request.method} ${request.path}`, {
    hint: 'see /api/openapi.json',
  });
};

export function answerProblem(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const known = asStillroomError(error);
    if (!known) log.error({ err: error, method: request.method, path: request.path }, 'a defect');
    response.status(statusOf(known));
    response.type('application/problem+json').send(JSON.stringify(described(known, response.statusCode)));
  };
}

/** An error of anything but HTTP, in the same form. */
export function describedProblem(error: unknown): z.output<typeof problemSchema> {
  const known = asStillroomError(error);
  return described(known, statusOf(known));
}

const statusOf = (error: StillroomError | undefined): number => (error ? (statuses[error.code] ?? 400) : 500);

function described(error: StillroomError | undefined, status: number): z.output<typeof problemSchema> {
  const code = error?.code ?? 'defect';
  return {
    type: `docs/errors.md#${code}`,
    title: error?.message ?? 'expected an answer, found a defect of Stillroom; the log says more',
    status,
    code,
    ...error?.place,
    ...(error?.hint ? { hint: error.hint } : {}),
    ...(error && error.problems.length > 1 ? { problems: error.problems.map((problem) => ({ ...problem })) } : {}),
    ...(error instanceof ConflictError ? { conflicts: error.conflicts.map((one) => ({ ...one, path: [...one.path] })) } : {}),
  };
}

/** What Express itself complains of, in our words. */
function asStillroomError(error: unknown): StillroomError | undefined {
  if (error instanceof StillroomError) return error;
  const { type, status, limit } = error as { type?: string; status?: number; limit?: number };
  if (type === 'entity.too.large') return new StillroomError('body-too-large', `expected at most ${limit} bytes, found more`);
  if (status !== undefined && status >= 400 && status < 500) {
    return new StillroomError('bad-request', `expected a request that can be read, found: ${(error as Error).message}`);
  }
  return undefined;
}
