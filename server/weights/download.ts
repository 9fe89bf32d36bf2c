import { mkdir, open, readFile, rename, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { fetch, type Dispatcher, type Response } from 'undici';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { asWriteError } from '../atomic-file.ts';
import type { OnProgress } from '../engine/progress.ts';
import { proxyDispatcher } from './proxy.ts';

const attempts = 3;
const silenceMs = 60_000;

/**
 * Fetches a file from the first address that gives it, through the user's proxy (`proxyDispatcher`). What was fetched before a break or a kill is kept in `<target>.part` and continued. `accept` looks at the whole
 * file before it gets its name; where it throws, the file is thrown away. Throws `weights-download-failed`.
 */
export async function download(
  urls: readonly string[],
  target: string,
  how: { onProgress: OnProgress; accept: (file: string) => Promise<void> },
): Promise<void> {
  const dispatcher = proxyDispatcher({ headersTimeout: silenceMs, bodyTimeout: silenceMs });
  const part = `${target}.part`;
  let last: unknown;
  try {
    await mkdir(dirname(target), { recursive: true });
    for (const url of urls) {
      for (let attempt = 1; attempt <= attempts; attempt++) {
        try {
          await fetchPart(url, part, dispatcher, (done, total) =>
            how.onProgress({
              ...{ stage: 'download', subject: basename(target), unit: 'bytes', done },
              ...(total === undefined ? {} : { total }),
            }),
          );
          await finish(part, target, how.accept);
          return;
        } catch (error) {
          if (error instanceof StillroomError) throw error;
          const asWrite = asWriteError(error, part);
          if (asWrite !== error) throw asWrite;
          last = error;
          if (error instanceof Refusal) break;
        }
      }
    }
  } finally {
    await dispatcher.destroy();
  }
  throw new StillroomError('weights-download-failed', `expected to fetch ${urls[0]}, found: ${reason(last)}`, {
    file: target,
    hint: 'see that the network and HTTPS_PROXY are as they should be and try again, or put the file there by hand',
    cause: last,
  });
}

/** The server answers, and not with the file: asking again is no use. */
class Refusal extends Error {}

async function finish(part: string, target: string, accept: (file: string) => Promise<void>): Promise<void> {
  try {
    await accept(part);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  } finally {
    await rm(validatorFile(part), { force: true });
  }
  await rename(part, target);
}

async function fetchPart(
  url: string,
  part: string,
  dispatcher: Dispatcher,
  onBytes: (done: number, total: number | undefined) => void,
): Promise<void> {
  const begun = await begunPart(part, url);
  const headers = begun ? { range: `bytes=${begun.bytes}-`, 'if-range': begun.validator } : {};
  const response = await fetch(url, { dispatcher, headers: { ...headers, 'accept-encoding': 'identity' } });
  if (response.status === 416) {
    await rm(part, { force: true });
    throw new Error('the server has fewer bytes than were fetched');
  }
  const from = begun && response.status === 206 ? continuesAt(response, begun.bytes) : 0;
  if (!response.ok || !response.body) throw new Refusal(`the server answers ${response.status} ${response.statusText}`);
  const rest = response.headers.get('content-length');
  const total = rest === null ? undefined : from + Number(rest);
  const handle = await open(part, from ? 'r+' : 'w');
  try {
    if (!from) await writeValidator(part, url, response);
    const done = await append(handle, response, from, (bytes) => onBytes(bytes, total));
    if (total !== undefined && done !== total) throw new Error(`the connection ended after ${done} of ${total} bytes`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function append(
  handle: FileHandle,
  response: Response,
  from: number,
  onBytes: (done: number) => void,
): Promise<number> {
  let done = from;
  onBytes(done);
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    for (let at = 0; at < chunk.length; ) {
      const { bytesWritten } = await handle.write(chunk, at, chunk.length - at, done);
      at += bytesWritten;
      done += bytesWritten;
    }
    onBytes(done);
  }
  return done;
}

function continuesAt(response: Response, bytes: number): number {
  const range = response.headers.get('content-range') ?? 'none';
  if (!range.startsWith(`bytes ${bytes}-`)) throw new Refusal(`the server gives range "${range}", not from ${bytes}`);
  return bytes;
}

// A part is continued only where the server can tell that the file is still the same (RFC 9110, If-Range).

const validatorFile = (part: string): string => `${part}.json`;

async function writeValidator(part: string, url: string, response: Response): Promise<void> {
  const etag = response.headers.get('etag');
  const validator = etag && !etag.startsWith('W/') ? etag : response.headers.get('last-modified');
  if (validator) await writeFile(validatorFile(part), JSON.stringify({ url, validator }));
  else await rm(validatorFile(part), { force: true });
}

async function begunPart(part: string, url: string): Promise<{ bytes: number; validator: string } | undefined> {
  try {
    const { size } = await stat(part);
    const known = JSON.parse(await readFile(validatorFile(part), 'utf8')) as { url: unknown; validator: unknown };
    if (size === 0 || known.url !== url || typeof known.validator !== 'string') return undefined;
    return { bytes: size, validator: known.validator };
  } catch {
    return undefined;
  }
}

function reason(error: unknown): string {
  const deepest = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return deepest instanceof Error ? deepest.message || deepest.name : String(deepest);
}
