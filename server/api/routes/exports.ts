import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StillroomError } from '../../../plugins/sdk/index.ts';
import { isInside } from '../../data/lie-within.ts';
import { exporterNamed, exportersIn } from '../../exports/exporter-named.ts';
import { attachment } from '../attachment.ts';
import { route, type Route } from '../route.ts';
import type { Services } from '../services.ts';

const exporter = z
  .object({
    name: z.string(),
    title: z.string(),
    summary: z.string(),
    extensions: z.array(z.string()).describe('How its files may end.'),
    plugin: z.string().nullable().describe('The plugin that brings it; null of those that come with Stillroom.'),
  })
  .meta({ id: 'Exporter' });
const byId = z.object({ id: z.string().describe('Id of the run: the name of its folder.') });

/** Finished runs for other programs: what they can be written as, and write them. */
export function exportRoutes({ registry, plugins, runs, exports }: Pick<Services, 'registry' | 'plugins' | 'runs' | 'exports'>): Route[] {
  const ownerOf = (name: string): string | null => plugins.list().find(({ packs }) => exportersIn(packs).some((one) => one.name === name))?.name ?? null;
  return [
    route({
      operation: 'listExporters',
      method: 'get',
      path: '/exporters',
      tag: 'exports',
      summary: 'What a finished run can be written as',
      answer: z.object({ exporters: z.array(exporter) }),
      handle: () => ({ exporters: exportersIn(registry.packs).map(({ name, title, summary, extensions }) => ({ name, title, summary, extensions: [...extensions], plugin: ownerOf(name) })) }),
    }),
    route({
      operation: 'exportRun',
      method: 'post',
      path: '/runs/{id}/exports',
      tag: 'exports',
      summary: 'Write a finished run, in a process of its own; it is kept until the next export of its kind',
      params: byId,
      body: z.object({ exporter: z.string(), category: z.string().max(255).optional().describe('This one alone.') }),
      answer: z.object({ exporter: z.string(), files: z.array(z.object({ path: z.string(), bytes: z.int() })), milliseconds: z.number() }),
      status: 201,
      problems: { 404: 'There is no such run, or no such exporter.', 409: 'The run is not finished, or the same export is at work.', 502: 'The exporter failed.', 504: 'It was not done in time.' },
      async handle({ params: { id }, body: { exporter: name, category } }) {
        const begun = performance.now();
        const { name: known } = exporterNamed(registry.packs, name);
        const files = await exports.start({ id, folder: await runs.folder(id) }, known, category);
        return { exporter: known, files, milliseconds: performance.now() - begun };
      },
    }),
    route({
      operation: 'readFileOfExport',
      method: 'get',
      path: '/runs/{id}/exports/file',
      tag: 'exports',
      summary: 'A file of an export',
      params: byId,
      query: z.object({ exporter: z.string().max(214), path: z.string().min(1).max(4000) }),
      answer: z.undefined(),
      media: ['application/octet-stream'],
      problems: { 404: 'There is no such run, or no such file of an export.' },
      async handle({ params: { id }, query: { exporter: name, path }, response }) {
        await runs.folder(id);
        const file = await fileIn(exports.folder(id, name), path);
        const [, stem = '', ending = ''] = /([^/]*)\.(\w+)$/.exec(path) ?? [];
        response.set('Content-Disposition', attachment(stem, 'export', ending)).type('application/octet-stream');
        await new Promise<void>((resolve, reject) => response.sendFile(file, { dotfiles: 'allow' }, (error) => (error ? reject(error) : resolve())));
      },
    }),
  ];
}

/** The real path. Throws `no-file` for what is not there, or lies elsewhere. */
async function fileIn(folder: string, path: string): Promise<string> {
  const [root, file] = await Promise.all([folder, join(folder, path)].map((one) => realpath(one).catch(() => null)));
  if (root && file && isInside(file, root)) return file;
  throw new StillroomError('no-file', `expected a file of the export, found none of the path ${JSON.stringify(path.slice(0, 200))}`, { hint: 'export the run anew' });
}
