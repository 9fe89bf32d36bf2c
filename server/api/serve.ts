import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { mkdir, rm } from 'node:fs/promises';
import { StillroomError } from '../../plugins/sdk/index.ts';
import { writeFileAtomically } from '../atomic-file.ts';
import type { Plugins } from '../plugins/plugins.ts';
import { lockFolder, type Busy } from '../runs/folder-lock.ts';
import { createApp } from './app.ts';
import { isLoopback } from './guard.ts';
import { hostsOf, hostsOfLinks } from './hosts.ts';
import { closed, listen } from './listen.ts';
import { openServices, type ServicesOptions } from './open-services.ts';
import { openSockets } from './sockets.ts';
import { tidyHome } from './tidy-home.ts';
import { tokenOf } from './token.ts';

export interface ServeOptions extends ServicesOptions {
  /** 0 for any that is free. */
  port: number;
  host: string;
  /** Names that the server answers to, besides those that its address has by itself. */
  allowedHosts?: readonly string[];
  /** Whether a token is asked for; true unless said. Without one it listens on this machine alone. */
  withToken?: boolean;
  /** How long a request may take to come in, where that is not the usual. */
  patience?: Partial<Patience>;
  /** Whether an engine that is lacking is provisioned at once; true unless said. */
  provisionEngine?: boolean;
}

/** Seconds. */
interface Patience {
  headers: number;
  /** A body of JSON. */
  body: number;
  /** All of it, an upload too. */
  request: number;
}

const usualPatience: Patience = { headers: 20, body: 60, request: 6 * 3600 };

export interface Served {
  /** `http://127.0.0.1:4321` */
  address: string;
  /** The address that signs a browser in. */
  link: string;
  /** That one first, then those that sign in browsers of other machines. */
  links: readonly string[];
  /** Null where none is asked for. */
  token: string | null;
  plugins: Plugins;
  /** Ends what is being answered, and gives the home back. */
  close(): Promise<void>;
}

/**
 * Starts the server of a home. Throws `token-needed`, `bad-host-name`, `home-busy`, `port-taken`, `cannot-listen`,
 * `cannot-write`, `no-such-folder`, `not-a-folder`; nothing of it is then left at work.
 */
export async function serve(options: ServeOptions): Promise<Served> {
  const { home, port, host, allowedHosts = [], withToken = true, provisionEngine = true, log } = options;
  const patience = { ...usualPatience, ...options.patience };
  if (!withToken && !isLoopback(host)) throw tokenNeeded(host);
  const hosts = hostsOf(host, allowedHosts);
  await mkdir(join(home, 'server'), { recursive: true });
  const lock = await lockFolder(home, join(home, 'server', 'lock'), homeBusy);
  const ends: (() => unknown)[] = [() => lock.release()];
  /** The last that was begun ends first. */
  const close = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    await tidyHome(home);
    const token = withToken ? await tokenOf(home) : null;
    const guarded = { token, hosts };
    const { services, close: closeServices } = await openServices(options);
    ends.push(closeServices);
    const server = createServer(
      { headersTimeout: 1000 * patience.headers, requestTimeout: 1000 * patience.request, connectionsCheckingInterval: 1000 },
      createApp({ ...guarded, services, bodySeconds: patience.body }),
    );
    const sockets = openSockets(server, services, guarded);
    ends.push(() => Promise.all([sockets.close(), closed(server)]));
    await listen(server, port, host);
    const { port: taken } = server.address() as AddressInfo;
    const [address, ...others] = hostsOfLinks(host, allowedHosts).map((name) => `http://${name}:${taken}`) as [string, ...string[]];
    await writeFileAtomically(addressFile(home), (handle) => handle.writeFile(`${address}\n`));
    ends.push(() => rm(addressFile(home), { force: true }));
    log.info({ address }, 'listening');
    if (provisionEngine && services.engine.state.state === 'absent') services.engine.install();
    const linkTo = (to: string): string => (token === null ? to : `${to}/?token=${token}`);
    return { address, link: linkTo(address), links: [address, ...others].map(linkTo), token, plugins: services.plugins, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Where a server says what its address is, for one that finds the home busy. */
const addressFile = (home: string): string => join(home, 'server', 'address');

const homeBusy: Busy = (_holder, home) => {
  const address = existsSync(addressFile(home)) ? ` at ${readFileSync(addressFile(home), 'utf8').trim()}` : '';
  return new StillroomError('home-busy', `expected a home without a server, found one at work in it${address}`, {
    file: home,
    hint: 'use that one, or give this one a home of its own (STILLROOM_HOME)',
  });
};

const tokenNeeded = (host: string): StillroomError =>
  new StillroomError('token-needed', `expected a server without a token to listen on this machine alone, found --host ${host}`, {
    hint: 'leave out --no-token: others could do here whatever you may',
  });
