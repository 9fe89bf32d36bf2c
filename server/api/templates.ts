import { StillroomError } from '../../plugins/sdk/index.ts';
import { readTemplates, type Template } from '../documents/templates.ts';
import { readPluginTemplates } from '../plugins/templates.ts';
import type { Services } from './services.ts';

type Used = Pick<Services, 'registry' | 'plugins'>;

/** Those that ship, and after them those of the plugins that are in use. */
export async function allTemplates({ registry, plugins }: Used): Promise<(Template & { plugin: string | null })[]> {
  const ours = (await readTemplates()).map((template) => ({ ...template, plugin: null }));
  const theirs = await Promise.all(plugins.list().filter(({ state }) => state === 'on').map((one) => readPluginTemplates(one, registry)));
  return [...ours, ...theirs.flatMap(({ templates }) => templates)];
}

/** Throws `no-template`. */
export async function templateNamed(id: string, services: Used): Promise<Template> {
  const templates = await allTemplates(services);
  const found = templates.find((one) => one.id === id);
  if (found) return found;
  throw new StillroomError('no-template', `expected one of ${templates.map((one) => one.id).join(', ')}, found ${JSON.stringify(id.slice(0, 60))}`);
}
