import { StillroomError } from '../../plugins/sdk/index.ts';
import { readFileInPackage } from './file-in-package.ts';
import type { PluginNow } from './plugins.ts';

/** A viewer or a control that a plugin adds to the editor. */
export interface ClientPart {
  kind: 'viewer' | 'control';
  /** `<plugin>/<name>` */
  name: string;
  title: string;
  plugin: string;
  /** Socket types whose values a viewer shows. */
  for: readonly string[];
}

interface Placed extends ClientPart {
  folder: string;
  module: string;
}

/** Those of the plugins that are in use. */
export function clientParts(plugins: readonly PluginNow[]): ClientPart[] {
  return placedParts(plugins).map(({ folder: _folder, module: _module, ...part }) => part);
}

/** The code of one. Throws `no-client-part`, `plugin-entry-missing`. */
export async function readClientPart(plugins: readonly PluginNow[], name: string): Promise<string> {
  const found = placedParts(plugins).find((part) => part.name === name);
  if (!found) {
    throw new StillroomError('no-client-part', `expected a viewer or control of a plugin that is in use, found ${JSON.stringify(name.slice(0, 300))}`, { hint: 'install its plugin, or switch it on' });
  }
  return (await readFileInPackage(found.folder, found.module, found.plugin)).toString('utf8');
}

const placedParts = (plugins: readonly PluginNow[]): Placed[] =>
  plugins.flatMap(({ name: plugin, folder, state, package: found }) => {
    const { viewers = [], controls = [] } = (state === 'on' && found?.manifest.client) || {};
    const placed = (kind: ClientPart['kind'], { name, title, module }: { name: string; title: string; module: string }, of: readonly string[] = []): Placed => ({ kind, name: `${plugin}/${name}`, title, plugin, for: of, folder, module });
    return [...viewers.map((one) => placed('viewer', one, one.for)), ...controls.map((one) => placed('control', one))];
  });
