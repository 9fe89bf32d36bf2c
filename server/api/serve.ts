import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { mkdir } from 'node:fs/promises';
import type { Logger } from 'pino';
import { StillroomError, type Pack } from '../../plugins/sdk/index.ts';
import { Datasets } from '../datasets/datasets.ts';
import { Roots } from '../datasets/roots.ts';
import type { UploadLimits } from '../datasets/upload-limits.ts';
import { DocumentStore } from '../documents/store.ts';
import { EngineKeeper, type EngineState } from '../engine/keeper.ts';
import type { Registry } from '../graph/registry.ts';
import { Interactive, type InteractiveSettings } from '../interactive/interactive.ts';
import { Topics } from '../live/topics.ts';
import { builtinPacks } from '../plugins/builtin.ts';
import { openRuns } from '../queue/open-runs.ts';
import { lockFolder, type Busy } from '../runs/folder-lock.ts';
import { WeightsShelf } from '../weights/shelf.ts';
import { createApp } from './app.ts';
import { isLoopback } from './guard.ts';
import { tellOfGraphs } from './tell-of-graphs.ts';
import { engineJson } from './routes/engine.ts';
import type { Services } from './services.ts';
import { openSockets } from './sockets.ts';
import { tokenOf } from './token.ts';

export interface ServeOptions {
  /** Folder of all state; one server at a time. */
  home: string;
  /** 0 for any that is free. */
  port: number;
  host: string;
  version: string;
  registry: Registry;
  /** The node packs, and the module whose `packs` they are, for workers. */
  packs?: { packs: readonly Pack[]; module: string };
  /** How runs are worked at. */
  runs?: { concurrency?: number; watchdog?: number };
  /** How long the process that computes previews and predictions is waited for. */
  interactive?: InteractiveSettings;
  /** Folders that clients may name files of, besides `<home>/datasets`. */
  dataRoots?: readonly string[];
  /** How much of a dataset may be sent at once, where that is not the usual. */
  uploadLimits?: Partial<UploadLimits>;
  /** Whether an engine that is lacking is provisioned at once; true unless said. */
  provisionEngine?: boolean;
  /** Told of the engine's state now and whenever it changes. */
  onEngine?: (state: EngineState) => void;
  log: Logger;
}

export interface Served {
  /** `http://127.0.0.1:4321` */
  address: string;
  /** The address that signs a browser in. */
  link: string;
  token: string;
  /** Ends what is being answered, and gives the home back. */
  close(): Promise<void>;
}

/** Starts the server of a home. Throws `home-busy`, `port-taken`, `cannot-write`, `no-such-folder`, `not-a-folder`. */
export async function serve({ home, port, host, version, registry, packs = ourPacks, runs: worked = {}, interactive: patience = {}, dataRoots = [], uploadLimits = {}, provisionEngine = true, onEngine, log }: ServeOptions): Promise<Served> {
  await mkdir(join(home, 'server'), { recursive: true });
  const lock = await lockFolder(home, join(home, 'server', 'lock'), homeBusy);
  try {
    const token = await tokenOf(home);
    const hosts = new Set(isLoopback(host) ? [] : [host]);
    const topics = new Topics();
    const engine = new EngineKeeper({
      onChange(state) {
        topics.publish('engine', engineJson(state));
        onEngine?.(state);
      },
    });
    const { queue, runs, close: closeRuns } = await openRuns({ home, packs: packs.module, topics, log, ...worked });
    const roots = await Roots.open(home, dataRoots);
    const datasets = await Datasets.open({ home, roots, topics, uploadLimits });
    for (const { file, message } of datasets.store.setAside) log.warn({ file }, message);
    const interactive = new Interactive({ home, packs: packs.module, log, ...patience });
    const weights = new WeightsShelf({ ...packs, onChange: (name, state) => topics.publish(`weights/${name}`, state) });
    await weights.tidy();
    const services: Services = {
      version,
      registry,
      packs: packs.packs,
      documents: new DocumentStore(join(home, 'graphs'), tellOfGraphs(topics)),
      topics,
      roots,
      datasets,
      weights,
      engine,
      queue,
      runs,
      interactive,
      log,
    };
    const server = createServer(createApp({ token, hosts, services }));
    const sockets = openSockets(server, services, { token, hosts });
    await listen(server, port, host);
    const { port: taken } = server.address() as AddressInfo;
    const address = `http://${host.includes(':') ? `[${host}]` : host}:${taken}`;
    log.info({ address }, 'listening');
    if (provisionEngine && engine.state.state === 'absent') engine.install();
    return {
      address,
      link: `${address}/?token=${token}`,
      token,
      async close() {
        await sockets.close();
        await Promise.all([closed(server), engine.close(), datasets.close(), weights.close(), closeRuns(), interactive.close()]);
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

const ourPacks = { packs: builtinPacks, module: new URL('../plugins/builtin.ts', import.meta.url).href };

const homeBusy: Busy = (_holder, home) =>
  new StillroomError('home-busy', 'expected a home without a server, found one at work in it', {
    file: home,
    hint: 'use that one, or give this one a home of its own (STILLROOM_HOME)',
  });

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const isTaken = cause.code === 'EADDRINUSE';
      reject(
        new StillroomError(isTaken ? 'port-taken' : 'cannot-listen', `expected port ${port} of ${host} to be free, found ${isTaken ? 'another program at it' : cause.code}`, {
          hint: 'choose another: --port N, or --port 0 for any that is free',
          cause,
        }),
      );
    });
    server.listen(port, host, resolve);
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 2000).unref();
  });
}
