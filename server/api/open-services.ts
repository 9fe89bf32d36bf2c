import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Pack } from '../../plugins/sdk/index.ts';
import { ClientBuild } from '../client-build/client-build.ts';
import { Datasets } from '../datasets/datasets.ts';
import { Roots } from '../datasets/roots.ts';
import type { UploadLimits } from '../datasets/upload-limits.ts';
import { DocumentStore } from '../documents/store.ts';
import { EngineKeeper, type EngineState } from '../engine/keeper.ts';
import { Exports } from '../exports/exports.ts';
import { withRequires } from '../graph/requires.ts';
import { Interactive, type InteractiveSettings } from '../interactive/interactive.ts';
import { Topics } from '../live/topics.ts';
import { builtinPacks } from '../plugins/builtin.ts';
import type { Limits } from '../plugins/host/messages.ts';
import { usualPlaces } from '../plugins/installed.ts';
import { Plugins, type Renewed } from '../plugins/plugins.ts';
import { PluginUploads } from '../plugins/plugin-uploads.ts';
import { openRuns } from '../queue/open-runs.ts';
import { WeightsShelf } from '../weights/shelf.ts';
import { PluginNews } from './plugin-news.ts';
import { engineJson } from './routes/engine.ts';
import type { Services } from './services.ts';
import { tellOfGraphs } from './tell-of-graphs.ts';

export interface ServicesOptions {
  /** Folder of all state; one server at a time. */
  home: string;
  version: string;
  /** The node packs, and the module whose `packs` they are, for workers; the built-in ones unless said. */
  packs?: { packs: readonly Pack[]; module: string };
  /** What code of plugins may take, where that is not the usual. */
  pluginLimits?: Partial<Limits>;
  /** Folders of plugins that are being worked at. */
  pluginFolders?: readonly string[];
  /** Told of each of them when it has been built anew and tried. */
  onPluginRenewed?: (renewed: Renewed) => void;
  /** How runs are worked at. */
  runs?: { concurrency?: number; watchdog?: number; nice?: number };
  /** How long the process that computes previews and predictions is waited for. */
  interactive?: InteractiveSettings;
  /** How long an exporter may take, s, where that is not the usual. */
  exportSeconds?: number;
  /** Folders that clients may name files of, besides `<home>/datasets`. */
  dataRoots?: readonly string[];
  /** How much of a dataset may be sent at once, where that is not the usual. */
  uploadLimits?: Partial<UploadLimits>;
  /** Told of the engine's state now and whenever it changes. */
  onEngine?: (state: EngineState) => void;
  /** Whether the editor is served beside the API, and built where need be; not unless said. */
  editor?: boolean;
  log: Logger;
}

const ourPacks = { packs: builtinPacks, module: new URL('../plugins/builtin.ts', import.meta.url).href };

/** Opens everything that the server of a home speaks for. Throws `no-such-folder`, `not-a-folder`, `cannot-write`. */
export async function openServices(options: ServicesOptions): Promise<{ services: Services; close(): Promise<void> }> {
  const { home, version, packs = ourPacks, pluginLimits = {}, pluginFolders = [], onPluginRenewed, runs: worked = {}, interactive: patience = {}, exportSeconds, dataRoots = [], uploadLimits = {}, onEngine, editor = false, log } = options;
  const roots = await Roots.open(home, dataRoots);
  const topics = new Topics();
  const engine = new EngineKeeper({
    onChange(state) {
      topics.publish('engine', engineJson(state));
      onEngine?.(state);
    },
  });
  const datasets = await Datasets.open({ home, roots, topics, uploadLimits, layouts: () => plugins.layouts() });
  for (const { file, message } of datasets.store.setAside) log.warn({ file }, message);
  const news = new PluginNews(topics);
  const plugins = await Plugins.open({ home, ...packs, places: usualPlaces(home, pluginFolders), limits: pluginLimits, log, onChange: (now) => news.tell(now), ...(onPluginRenewed ? { onRenewed: onPluginRenewed } : {}) });
  const weights = new WeightsShelf({ home, packs: () => plugins.registry.packs, source: plugins.source, onChange: (name, state) => topics.publish(`weights/${name}`, state) });
  await weights.tidy();
  const interactive = new Interactive({ home, packs: plugins.source, onFault: (fault) => plugins.blame(fault), log, ...patience });
  const exports = new Exports({ home, packs: plugins.source, ...(exportSeconds === undefined ? {} : { patience: exportSeconds }) });
  const client = editor ? new ClientBuild() : null;
  const { queue, runs, close: closeRuns } = await openRuns({ home, packs: plugins.source, onFault: (fault) => plugins.blame(fault), roots, topics, log, ...worked });
  const documents = new DocumentStore(join(home, 'graphs'), tellOfGraphs(topics), (document) => withRequires(document, plugins.registry));
  return {
    services: { version, registry: plugins.registry, plugins, pluginUploads: new PluginUploads(home), documents, topics, roots, datasets, weights, engine, queue, runs, exports, interactive, client, log },
    async close() {
      client?.close();
      exports.close();
      await Promise.all([engine.close(), datasets.close(), weights.close(), closeRuns(), interactive.close()]);
      await plugins.close();
    },
  };
}
