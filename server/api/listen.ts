import type { Server } from 'node:http';
import { z } from 'zod';
import { StillroomError } from '../../plugins/sdk/index.ts';

const healthForm = z.object({ status: z.literal('ok'), version: z.string() });

/** Throws `port-taken`, `cannot-listen`. */
export function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => void refused(cause, port, host).then(reject));
    server.listen(port, host, resolve);
  });
}

export function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 2000).unref();
  });
}

async function refused(cause: NodeJS.ErrnoException, port: number, host: string): Promise<StillroomError> {
  const another = 'choose another: --port N, or --port 0 for any that is free';
  if (cause.code !== 'EADDRINUSE') {
    const hint = cause.code === 'EADDRNOTAVAIL' || cause.code === 'ENOTFOUND' ? 'name an address of this machine: --host ADDRESS' : another;
    return new StillroomError('cannot-listen', `expected to listen on port ${port} of ${host}, found ${cause.code}`, { hint, cause });
  }
  const isOurs = await isStillroom(port, host);
  return new StillroomError('port-taken', `expected port ${port} of ${host} to be free, found ${isOurs ? 'a Stillroom server of another home' : 'another program'} at it`, {
    hint: isOurs ? `use that one, end it, or ${another}` : another,
    cause,
  });
}

/** Whether a server like this one answers there. */
async function isStillroom(port: number, host: string): Promise<boolean> {
  try {
    const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;
    const answer = await fetch(`http://${name}:${port}/api/health`, { signal: AbortSignal.timeout(1000), redirect: 'error' });
    return healthForm.safeParse(await answer.json()).success;
  } catch {
    return false;
  }
}
