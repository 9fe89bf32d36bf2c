import { z } from 'zod';
import { StillroomError, type Pack } from '../../../plugins/sdk/index.ts';
import { builtinPacks } from '../../plugins/builtin.ts';
import { describeInstalled } from '../../plugins/describe-plugin.ts';
import { exportersIn } from '../../exports/exporter-named.ts';
import { docsOf, iconOf } from '../../plugins/icon-and-docs.ts';
import { PluginUploads } from '../../plugins/plugin-uploads.ts';
import type { PluginNow } from '../../plugins/plugins.ts';
import { readPluginTemplates } from '../../plugins/templates.ts';
import { locatedProblem } from '../located-problem.ts';
import { receiving } from '../receiving.ts';
import { route, type Route } from '../route.ts';
import type { Services } from '../services.ts';

const facts = z
  .object({
    name: z.string().describe('As npm names it.'),
    version: z.string().nullable(),
    title: z.string(),
    description: z.string().nullable(),
    author: z.string().nullable(),
    licence: z.string().nullable(),
    homepage: z.string().nullable(),
    integrity: z.string().nullable().describe('Of the package that it is installed from: `sha512-…`; null of one that was not installed by Stillroom.'),
    permissions: z
      .object({ network: z.array(z.string()), files: z.array(z.string()), native: z.boolean() })
      .describe('What it says that it does beyond computing. Its code runs with the rights of the server.'),
    installScripts: z.array(z.string()).describe('Scripts that npm would run when it is installed. They are never run here: a plugin that needs what they make may not work.'),
  })
  .meta({ id: 'PluginFacts' });
const contents = {
  nodes: z.array(z.string()).describe('Types.'),
  architectures: z.array(z.string()).describe('Names of the networks that weights are registered for.'),
  weights: z.array(z.string()).describe('Names.'),
  socketTypes: z.array(z.string()).describe('Types.'),
  exporters: z.array(z.string()).describe('Names.'),
  layouts: z.array(z.string()).describe('Names of ways of laying out datasets.'),
  weightReaders: z.array(z.string()).describe('Names of readers of files of weights.'),
  optimisers: z.array(z.string()).describe('Names.'),
  schedules: z.array(z.string()).describe('Names.'),
};
const plugin = facts
  .extend({
    builtin: z.literal(false),
    origin: z.enum(['dev', 'home', 'project']).describe('How it came here: a folder that is being worked at, installed into the home, a package of the project at hand.'),
    state: z.enum(['on', 'off', 'failed']).describe('`off`: switched off, by itself where there is a `why`. `failed`: it cannot be used.'),
    why: locatedProblem.nullable().describe('What it was switched off for, or what keeps it from being used.'),
    ...contents,
    templates: z.array(z.string()).describe('Ids of the graphs that it offers to begin with.'),
    parts: z.array(z.string()).describe('Viewers and controls that it adds to the editor.'),
    hasIcon: z.boolean(),
    hasDocs: z.boolean(),
    problems: z.array(locatedProblem).describe('What of it cannot be had though it is in use.'),
  })
  .meta({ id: 'Plugin' });
const pack = z.object({ name: z.string(), version: z.string().describe('That of Stillroom, of those that come with it.').optional(), builtin: z.boolean(), ...contents });

const byName = z.object({ name: z.string().describe('As npm names it, with `/` as `%2F`.') });
const from = z.string().min(1).max(1000).describe('A package of the npm registry, with or without a version, the path of a packed package or folder in a data root, or what sending one gave.');
const inRegistry = /^(@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*(@[\w.^~<>=*-]+)?$/;
const missing = { 404: 'No plugin of this name is here.' };
const notFetched = { 403: 'A path outside of the data roots.', 502: 'npm could not fetch or install it.' };

/** Plugins: which there are, what one is before it is added, add and remove, switch on and off. */
export function pluginRoutes({ registry, plugins, pluginUploads, roots, version }: Pick<Services, 'registry' | 'plugins' | 'pluginUploads' | 'roots' | 'version'>): Route[] {
  const describePack = (one: Pack): z.output<typeof pack> => ({ name: one.name, ...(builtinPacks.includes(one) ? { version, builtin: true } : { builtin: false }), ...contentsOf([one]) });
  const ofPlugins = (): Set<Pack> => new Set(plugins.list().flatMap((one) => one.packs));
  const sourceOf = async (asked: string): Promise<string> => {
    if (PluginUploads.isUpload(asked)) return pluginUploads.resolve(asked);
    return inRegistry.test(asked) ? asked : roots.resolve(asked);
  };
  const describe = async (now: PluginNow): Promise<z.output<typeof plugin>> => {
    const { templates, problems } = now.state === 'on' ? await readPluginTemplates(now, registry) : { templates: [], problems: [] };
    return { ...describePlugin(now), templates: templates.map(({ id }) => id), problems: [...(now.newest ? [now.newest] : []), ...problems] };
  };
  return [
    route({
      operation: 'listPlugins',
      method: 'get',
      path: '/plugins',
      tag: 'plugins',
      summary: 'The packs that come with Stillroom, and the plugins that are here: what they bring, and whether they are used',
      answer: z.object({ plugins: z.array(z.union([plugin, pack])) }),
      handle: async () => ({
        plugins: [...registry.packs.filter((one) => !ofPlugins().has(one)).map(describePack), ...(await Promise.all(plugins.list().map(describe)))],
      }),
    }),
    route({
      operation: 'lookAtPlugin',
      method: 'post',
      path: '/plugins/look',
      tag: 'plugins',
      summary: 'What a plugin is that could be added; nothing of it is run or kept',
      body: z.object({ from }),
      answer: facts,
      problems: notFetched,
      handle: async ({ body }) => plugins.look(await sourceOf(body.from)),
    }),
    route({
      operation: 'sendPlugin',
      method: 'post',
      path: '/plugins/upload',
      tag: 'plugins',
      summary: 'Send a packed package as the body, to look at it and to add it; nothing of it is run',
      accepts: ['application/octet-stream'],
      answer: z.object({ from: z.string().describe('What it is called in what is asked next.'), plugin: facts }),
      status: 201,
      problems: { 413: 'More is sent than may be.' },
      handle: ({ request, response }) =>
        receiving(request, response, async () => {
          const sent = await pluginUploads.receive(request);
          try {
            return { from: sent, plugin: await plugins.look(pluginUploads.resolve(sent)) };
          } catch (error) {
            await pluginUploads.discard(sent);
            throw error;
          }
        }),
    }),
    route({
      operation: 'readPluginIcon',
      method: 'get',
      path: '/plugins/{name}/icon',
      tag: 'plugins',
      summary: 'The icon of a plugin',
      params: byName,
      answer: z.undefined(),
      media: ['image/svg+xml', 'image/png', 'image/webp', 'image/jpeg'],
      problems: { 404: 'No plugin of this name is here, or it has no icon.', 502: 'What its manifest names is no icon.' },
      async handle({ params: { name }, response }) {
        const { media, bytes } = await iconOf(plugins.named(name));
        // Opened by itself, a drawing is a document that could do something.
        response.set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox").type(media).send(bytes);
      },
    }),
    route({
      operation: 'readPluginDocs',
      method: 'get',
      path: '/plugins/{name}/docs',
      tag: 'plugins',
      summary: 'What a plugin says of itself at length, as text',
      params: byName,
      answer: z.undefined(),
      media: ['text/plain'],
      problems: { 404: 'No plugin of this name is here, or it has no documentation.', 502: 'What its manifest names is no text.' },
      async handle({ params: { name }, response }) {
        response.set('Content-Security-Policy', "default-src 'none'; sandbox").type('text/plain').send(await docsOf(plugins.named(name)));
      },
    }),
    route({
      operation: 'addPlugin',
      method: 'post',
      path: '/plugins',
      tag: 'plugins',
      summary: 'Install a plugin that was looked at, and load it; its install scripts are not run',
      body: z.object({ from, integrity: z.string().describe('As it was shown.') }),
      answer: plugin,
      status: 201,
      problems: { ...notFetched, 409: 'It is not of this integrity; nothing is installed.' },
      async handle({ body }) {
        const added = await plugins.add(await sourceOf(body.from), body.integrity);
        await pluginUploads.discard(body.from);
        return describe(added);
      },
    }),
    route({
      operation: 'switchPlugin',
      method: 'patch',
      path: '/plugins/{name}',
      tag: 'plugins',
      summary: 'Use a plugin, or do not; one that was switched off by itself is tried again',
      params: byName,
      body: z.object({ enabled: z.boolean() }),
      answer: plugin,
      problems: missing,
      handle: async ({ params: { name }, body: { enabled } }) => describe(await (enabled ? plugins.enable(name) : plugins.disable(name))),
    }),
    route({
      operation: 'removePlugin',
      method: 'delete',
      path: '/plugins/{name}',
      tag: 'plugins',
      summary: 'Remove an installed plugin; graphs keep their nodes of it',
      params: byName,
      answer: z.undefined(),
      status: 204,
      problems: { ...missing, 409: 'It was not installed into the home.' },
      async handle({ params: { name } }) {
        const { origin } = plugins.named(name);
        if (origin !== 'home') throw new StillroomError('plugin-not-installed', `expected a plugin that is installed into the home, found that ${name} is ${origin === 'dev' ? 'a folder that is being worked at' : 'a package of the project at hand'}`, { hint: 'switch it off instead' });
        await plugins.remove(name);
      },
    }),
  ];
}

function describePlugin(now: PluginNow): Omit<z.output<typeof plugin>, 'templates' | 'problems'> {
  const { state, why, name, package: found } = now;
  const { client, icon, docs } = found?.manifest ?? {};
  const parts = [...(client?.viewers ?? []), ...(client?.controls ?? [])].map((part) => `${name}/${part.name}`);
  return { ...describeInstalled(now), builtin: false, state, why, ...contentsOf(now.packs), parts: state === 'on' ? parts : [], hasIcon: icon !== undefined, hasDocs: docs !== undefined };
}

const contentsOf = (packs: readonly Pack[]): Record<keyof typeof contents, string[]> => ({
  nodes: packs.flatMap(({ nodes }) => nodes.map(({ type }) => type)),
  architectures: packs.flatMap(({ architectures = [] }) => architectures.map(({ name }) => name)),
  weights: packs.flatMap(({ weights = [] }) => weights.map(({ name }) => name)),
  socketTypes: packs.flatMap(({ socketTypes = [] }) => socketTypes.map(({ type }) => type)),
  exporters: exportersIn(packs).map(({ name }) => name),
  layouts: namesOf(packs, ({ layouts }) => layouts),
  weightReaders: namesOf(packs, ({ weightReaders }) => weightReaders),
  optimisers: namesOf(packs, ({ optimisers }) => optimisers),
  schedules: namesOf(packs, ({ schedules }) => schedules),
});

const namesOf = (packs: readonly Pack[], items: (pack: Pack) => readonly { name: string }[] | undefined): string[] => packs.flatMap((pack) => (items(pack) ?? []).map(({ name }) => name));
