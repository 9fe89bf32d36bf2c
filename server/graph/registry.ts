import { StillroomError, type AnyNodeDefinition, type Optimiser, type Pack, type Schedule, type SocketTypeDefinition } from '../../plugins/sdk/index.ts';
import { SUBGRAPH } from './document.ts';

/** A plugin that packs come in. */
export interface PluginVersion {
  /** As npm names it. */
  name: string;
  version: string;
  /** Of one that is being worked at, whose code changes under one version: another one where it is other code. */
  stamp?: string;
}

/** All node types that can be had, by type, and what fits may name. */
export interface Registry {
  readonly packs: readonly Pack[];
  /** In the order of the packs. */
  readonly definitions: readonly AnyNodeDefinition[];
  /** Types of sockets that packs say something of, in the order of the packs. */
  readonly socketTypes: readonly SocketTypeDefinition[];
  get(type: string): AnyNodeDefinition | undefined;
  packOf(type: string): Pack | undefined;
  /** What is said of a type of sockets; undefined where no pack says anything. */
  socketType(type: string): SocketTypeDefinition | undefined;
  optimiser(name: string): Optimiser | undefined;
  schedule(name: string): Schedule | undefined;
  /** The plugin that a type, an optimiser or a schedule comes from; undefined of one of ours, and of one that is not there. */
  pluginOf(type: string): PluginVersion | undefined;
  /** Of a type that is not there: what to do for its plugin to be used, where that is here. */
  whyAbsent(type: string): string | undefined;
}

export interface RegistryOptions {
  /** Packs that come in plugins. */
  plugins?: ReadonlyMap<Pack, PluginVersion>;
  /** Plugins that are here and not used, by name, with what to do about it. */
  absent?: ReadonlyMap<string, string>;
}

/** The plugin that a type is of by its name: `@acme/nets` of `@acme/nets/wide`. */
export const pluginNamed = (type: string): string => type.slice(0, type.lastIndexOf('/'));

/**
 * Puts packs together.
 * @throws StillroomError `node-type-duplicate` where two give the same type, `node-type-invalid` where a definition
 * contradicts itself.
 */
export function createRegistry(packs: readonly Pack[], { plugins = new Map(), absent = new Map() }: RegistryOptions = {}): Registry {
  const byType = new Map<string, { definition: AnyNodeDefinition; pack: Pack }>();
  for (const pack of packs) {
    for (const definition of pack.nodes) {
      const { type } = definition;
      const earlier = byType.get(type);
      if (earlier) {
        throw new StillroomError(
          'node-type-duplicate',
          `expected each node type once, found "${type}" in the packs "${earlier.pack.name}" and "${pack.name}"`,
          { hint: 'remove one of the two plugins' },
        );
      }
      const wrong = whatIsWrong(definition);
      if (wrong) {
        throw new StillroomError('node-type-invalid', `node type "${type}" of the pack "${pack.name}": ${wrong}`, {
          hint: 'this is a defect of the plugin: report it to its authors',
        });
      }
      byType.set(type, { definition, pack });
    }
  }
  const socketTypes = packs.flatMap((pack) => pack.socketTypes ?? []);
  const bySocket = new Map(socketTypes.map((one) => [one.type as string, one]));
  const optimisers = named(packs, ({ optimisers = [] }) => optimisers);
  const schedules = named(packs, ({ schedules = [] }) => schedules);
  return {
    packs,
    definitions: [...byType.values()].map(({ definition }) => definition),
    socketTypes,
    get: (type) => byType.get(type)?.definition,
    packOf: (type) => byType.get(type)?.pack,
    socketType: (type) => bySocket.get(type),
    optimiser: (name) => optimisers.get(name)?.item,
    schedule: (name) => schedules.get(name)?.item,
    pluginOf: (name) => plugins.get((byType.get(name) ?? optimisers.get(name) ?? schedules.get(name))?.pack as Pack),
    whyAbsent: (type) => absent.get(pluginNamed(type)),
  };
}

/** What packs bring beside nodes, by name; the first of a name counts. */
function named<T extends { name: string }>(packs: readonly Pack[], of: (pack: Pack) => readonly T[]): Map<string, { item: T; pack: Pack }> {
  const items = packs.flatMap((pack) => of(pack).map((item) => [item.name, { item, pack }] as const));
  return new Map(items.reverse());
}

function whatIsWrong({ type, version, migrate, params }: AnyNodeDefinition): string | undefined {
  if (type === SUBGRAPH || !type.includes('/')) return 'expected a type "<package>/<node>"';
  if (!Number.isInteger(version) || version < 1) return `expected a version from 1, found ${version}`;
  for (let v = 1; v < version; v++) {
    if (!migrate?.[v]) return `expected a migration from version ${v} to ${v + 1}, found none`;
  }
  const reserved = Object.keys(params).find((name) => name.includes('.') || name in Object.prototype);
  return reserved === undefined ? undefined : `expected another name for the parameter "${reserved}"`;
}
