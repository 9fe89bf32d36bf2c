import { z } from 'zod';
import { route, type Route } from '../route.ts';

/** Whether the server is there; who has no token learns no more. */
export function healthRoutes(version: string): Route[] {
  return [
    route({
      operation: 'readHealth',
      method: 'get',
      path: '/health',
      tag: 'server',
      summary: 'Whether the server is there',
      open: true,
      answer: z.object({ status: z.literal('ok'), version: z.string() }),
      handle: () => ({ status: 'ok', version }),
    }),
  ];
}
