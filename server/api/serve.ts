import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { mkdir } from 'node:fs/promises';
import { StillroomError } from '../../plugins/sdk/index.ts';
import { lockFolder, type Busy } from '../runs/folder-lock.ts';
import { createApp } from './app.ts';
import { isLoopback } from './guard.ts';
import { openServices, type ServicesOptions } from './open-services.ts';
import { openSockets } from './sockets.ts';
import { tokenOf } from './token.ts';

export interface ServeOptions extends ServicesOptions {
  /** 0 for any that is free. */
  port: number;
  host: string;
  /** Whether an engine that is lacking is provisioned at once; true unless said. */
  provisionEngine?: boolean;
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

/**
 * Starts the server of a home. Throws `home-busy`, `port-taken`, `cannot-listen`, `cannot-write`, `no-such-folder`,
 * `not-a-folder`; nothing of it is then left at work.
 */
export async function serve(options: ServeOptions): Promise<Served> {
  const { home, port, host, provisionEngine = true, log } = options;
  await mkdir(join(home, 'server'), { recursive: true });
  const lock = await lockFolder(home, join(home, 'server', 'lock'), homeBusy);
  const ends: (() => unknown)[] = [() => lock.release()];
  /** The last that was begun ends first. */
  const close = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const guarded = { token: await tokenOf(home), hosts: new Set(isLoopback(host) ? [] : [host]) };
    const { services, close: closeServices } = await openServices(options);
    ends.push(closeServices);
    const server = createServer(createApp({ ...guarded, services }));
    const sockets = openSockets(server, services, guarded);
    ends.push(() => Promise.all([sockets.close(), closed(server)]));
    await listen(server, port, host);
    const { port: taken } = server.address() as AddressInfo;
    const address = `http://${host.includes(':') ? `[${host}]` : host}:${taken}`;
    log.info({ address }, 'listening');
    if (provisionEngine && services.engine.state.state === 'absent') services.engine.install();
    return { address, link: `${address}/?token=${guarded.token}`, token: guarded.token, close };
  } catch (error) {
    await close();
    throw error;
  }
}

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
