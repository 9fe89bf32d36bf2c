import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { problemSchema } from './problem.ts';
import type { Route } from './route.ts';

/** The OpenAPI 3.1 document of the routes, from the schemas that validate their requests. */
export function openApi(routes: readonly Route[], version: string): object {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const one of routes) (paths[`/api${one.path}`] ??= {})[one.method] = operation(one);
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Stillroom',
      version,
      description: 'Anomaly detectors as graphs: their documents, datasets, weights, runs, previews and predictions. Programs send the token that the server printed as `Authorization: Bearer TOKEN`.',
    },
    paths: paths as ZodOpenApiPathsObject,
    security: [{ token: [] }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  });
}

function operation({ operation: operationId, method, summary, tag, params, query, body, accepts = [], answer, status = 200, media = [], problems, open }: Route): ZodOpenApiOperationObject {
  const problem = (description: string): object => ({ description, content: { 'application/problem+json': { schema: problemSchema } } });
  const json = answer instanceof z.ZodUndefined ? {} : { 'application/json': { schema: answer } };
  const content = { ...json, ...Object.fromEntries(media.map((type) => [type, { schema: z.string() }])) };
  const given = {
    ...(body ? { 'application/json': { schema: body } } : {}),
    ...Object.fromEntries(accepts.map((type) => [type, { schema: { type: 'string', format: 'binary' } }])),
  };
  return {
    operationId,
    summary,
    tags: [tag],
    ...(open ? { security: [] } : {}),
    requestParams: { ...(params ? { path: params } : {}), ...(query ? { query } : {}) },
    ...(Object.keys(given).length ? { requestBody: { required: true, content: given } } : {}),
    responses: {
      [String(status)]: { description: summary, ...(Object.keys(content).length ? { content } : {}) },
      // Every answer to GET has an ETag: Express, or who sends it, sees to that.
      ...(method === 'get' ? { 304: { description: 'It is as the ETag that If-None-Match names; nothing is sent.' } } : {}),
      ...Object.fromEntries(Object.entries(problems ?? {}).map(([code, description]) => [code, problem(description)])),
      default: problem('What went wrong.'),
    },
  } as ZodOpenApiOperationObject;
}
