import { z } from 'zod';
import { clientParts, readClientPart } from '../../plugins/client-parts.ts';
import { route, type Route } from '../route.ts';
import type { Services } from '../services.ts';

const part = z
  .object({
    kind: z.enum(['viewer', 'control']),
    name: z.string().describe('`<plugin>/<name>`'),
    title: z.string(),
    plugin: z.string(),
    for: z.array(z.string()).describe('Socket types whose values a viewer shows.'),
  })
  .meta({ id: 'ClientPart' });

/** Viewers and controls that plugins add to the editor. */
export function clientPartRoutes({ plugins }: Pick<Services, 'plugins'>): Route[] {
  return [
    route({
      operation: 'listClientParts',
      method: 'get',
      path: '/client-parts',
      tag: 'plugins',
      summary: 'Viewers and controls of the plugins that are in use',
      answer: z.object({ parts: z.array(part) }),
      handle: () => ({ parts: clientParts(plugins.list()) }),
    }),
    route({
      operation: 'readClientPart',
      method: 'get',
      path: '/client-parts/module',
      tag: 'plugins',
      summary: 'The code of a viewer or control, to be run in a sandboxed frame',
      query: z.object({ name: z.string().min(1).max(300) }),
      answer: z.undefined(),
      media: ['text/javascript'],
      problems: { 404: 'No plugin that is in use has it.' },
      async handle({ query: { name }, response }) {
        response.type('text/javascript').send(await readClientPart(plugins.list(), name));
      },
    }),
  ];
}
