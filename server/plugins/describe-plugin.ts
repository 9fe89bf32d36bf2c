import type { Problem } from '../../plugins/sdk/index.ts';
import type { Origin } from './discover.ts';
import type { Installed } from './installed.ts';
import type { Staged } from './install.ts';
import type { Permissions, PluginPackage } from './manifest.ts';

/** Where a plugin comes from, and what it asks for: what a person decides by. */
export interface PluginFacts {
  name: string;
  version: string | null;
  title: string;
  description: string | null;
  author: string | null;
  licence: string | null;
  homepage: string | null;
  /** Of the package that it was installed from; null of one that was not installed by Stillroom. */
  integrity: string | null;
  permissions: { network: string[]; files: string[]; native: boolean };
  /** Scripts that npm would run when it is installed; Stillroom never does. */
  installScripts: string[];
}

export interface DescribedPlugin extends PluginFacts {
  origin: Origin;
  folder: string;
  /** `off`: switched off, by itself where there is a `why`. `failed`: it cannot be used. */
  state: 'on' | 'off' | 'failed';
  why: Problem | null;
}

export const describeStaged = ({ package: found, integrity }: Staged): PluginFacts => factsOf(found.name, found, integrity);

/** By what its manifest and its state say, without loading it. */
export function describeInstalled({ name, origin, folder, package: found, problem, kept, entry }: Installed): DescribedPlugin {
  const state = entry ? 'on' : kept.enabled || problem ? 'failed' : 'off';
  return { ...factsOf(name, found, kept.integrity), origin, folder, state, why: entry ? null : (problem ?? kept.reason) };
}

function factsOf(name: string, found: PluginPackage | null, integrity: string | null): PluginFacts {
  const { network = [], files = [], native = false }: Permissions = found?.manifest.permissions ?? {};
  return {
    name,
    version: found?.version ?? null,
    title: found?.title ?? name,
    description: found?.description ?? null,
    author: found?.author ?? null,
    licence: found?.licence ?? null,
    homepage: found?.homepage ?? null,
    integrity,
    permissions: { network, files, native },
    installScripts: found?.installScripts ?? [],
  };
}

/** In words, for whoever decides. */
export function permissionsInWords({ network, files, native }: PluginFacts['permissions']): string {
  const said = [network.length ? `speaks with ${network.join(', ')}` : '', files.length ? `reads or writes ${files.join(', ')}` : '', native ? 'brings native code' : ''].filter(Boolean);
  return said.length ? said.join('; ') : 'asks for nothing';
}
