import type { Pack } from '../../../plugins/sdk/index.ts';
import { geometryWithMode } from './geometry-with-mode.ts';

/** What a newer version of the plugin API has changed, and what makes a pack of the older form one of the newer. */
export interface ApiChange {
  /** What authors read: what was, and what is to be written instead. */
  title: string;
  adapt(pack: Pack): Pack;
}

/** A version of the plugin API for which plugins are still loaded, and what has changed since. */
export interface OlderApi {
  version: string;
  changes: readonly ApiChange[];
}

/** The newest first. */
export const olderApis: readonly OlderApi[] = [{ version: '0.9.0', changes: [geometryWithMode] }];

/**
 * A pack as plugins of an older version of the API export it, in today's form. What a module exports has not been looked
 * at when this is called: what is no pack stays as it is, to be told of.
 */
export function adaptPack(pack: unknown, madeFor: string | undefined): unknown {
  const api = olderApis.find(({ version }) => version === madeFor);
  if (!api || typeof pack !== 'object' || pack === null || !Array.isArray((pack as Partial<Pack>).nodes)) return pack;
  return api.changes.reduce((now, { adapt }) => adapt(now), pack as Pack);
}
