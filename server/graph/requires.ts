import { SUBGRAPH, type GraphDocument, type Wiring } from './document.ts';
import { pluginNamed, type Registry } from './registry.ts';

/**
 * The document with the plugins that its node types come from, each with its version: the one that is here, or, where none
 * is, the one that the document said before. The same document where it says so already.
 */
export function withRequires(document: GraphDocument, registry: Registry): GraphDocument {
  const needed = neededBy(document, registry);
  const said = document.requires ?? {};
  const names = Object.keys(needed);
  if (names.length === Object.keys(said).length && names.every((name) => said[name] === needed[name])) return document;
  const { requires: _, ...rest } = document;
  return names.length ? { ...rest, requires: needed } : rest;
}

/** Versions of plugins by name, in the order of their names. */
export function neededBy(document: GraphDocument, registry: Registry): Record<string, string> {
  const versions = new Map<string, string>();
  for (const type of typesIn(document)) {
    const plugin = registry.pluginOf(type);
    if (plugin) versions.set(plugin.name, plugin.version);
    else if (!registry.get(type)) keep(pluginNamed(type));
  }
  return Object.fromEntries([...versions].sort(([a], [b]) => (a < b ? -1 : 1)));

  function keep(name: string): void {
    const version = Object.hasOwn(document.requires ?? {}, name) ? document.requires![name] : undefined;
    if (version !== undefined) versions.set(name, version);
  }
}

function typesIn({ subgraphs = {}, ...document }: GraphDocument): Set<string> {
  const types = ({ nodes }: Wiring): string[] => Object.values(nodes).map(({ type }) => type);
  return new Set([document, ...Object.values(subgraphs)].flatMap(types).filter((type) => type !== SUBGRAPH));
}
