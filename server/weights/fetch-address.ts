import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Agent, fetch } from 'undici';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { byteBudget } from '../byte-budget.ts';
import type { OnProgress } from '../engine/progress.ts';
import { publicLookup, publicUrl } from './public-address.ts';

const mostHops = 5;
const silenceMs = 60_000;

/** One request, redirects not followed. */
export type Hop = (url: URL) => Promise<{ status: number; headers: { get(name: string): string | null }; body: AsyncIterable<Uint8Array> | null }>;

/**
 * Fetches a file from an address that a user has confirmed, without the user's proxy, whose network we cannot judge. The
 * address, and each that it leads to, must be `https` and of the Internet. Throws `address-refused`,
 * `weights-download-failed`, `upload-too-large`.
 */
export async function fetchAddress(address: string, file: string, mostBytes: number, onProgress: OnProgress, hop?: Hop): Promise<void> {
  const dispatcher = new Agent({ headersTimeout: silenceMs, bodyTimeout: silenceMs, connect: { lookup: publicLookup() as never } });
  const ask: Hop = hop ?? ((url) => fetch(url, { dispatcher, redirect: 'manual', headers: { 'accept-encoding': 'identity' } }) as never);
  try {
    let url = publicUrl(address);
    for (let hops = 0; hops <= mostHops; hops++) {
      const { status, headers, body } = await ask(url);
      const next = headers.get('location');
      if (status >= 300 && status < 400 && next !== null) {
        url = publicUrl(URL.canParse(next, url) ? new URL(next, url).href : next);
        continue;
      }
      if (status !== 200 || !body) throw failed(url, `the server answers ${status}`);
      return await keep(body, file, Number(headers.get('content-length') ?? Number.NaN), mostBytes, onProgress);
    }
    throw failed(url, `more than ${mostHops} redirects`);
  } catch (error) {
    await rm(file, { force: true });
    throw asFailure(error, address);
  } finally {
    await dispatcher.destroy();
  }
}

async function keep(body: AsyncIterable<Uint8Array>, file: string, stated: number, mostBytes: number, onProgress: OnProgress): Promise<void> {
  const tooMuch = (): StillroomError => new StillroomError('upload-too-large', `expected at most ${mostBytes} bytes, found more`, { hint: 'fetch the file by hand, and add it from a data root' });
  const total = Number.isFinite(stated) ? { total: stated } : {};
  if (stated > mostBytes) throw tooMuch();
  let done = 0;
  async function* counted(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const chunk of chunks) {
      done += chunk.length;
      onProgress({ stage: 'download', subject: basename(file), done, unit: 'bytes', ...total });
      yield chunk;
    }
  }
  await pipeline(Readable.from(counted(body)), byteBudget(mostBytes, tooMuch)(), createWriteStream(file, { flags: 'wx' }));
}

/** What the connection was refused for is within what the library says. */
function asFailure(error: unknown, address: string): unknown {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) if (cause instanceof StillroomError) return cause;
  if (error instanceof Error && 'syscall' in error && 'path' in error) return error;
  const deepest = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return failed(address, deepest instanceof Error ? deepest.message : String(deepest));
}

function failed(url: URL | string, found: string): StillroomError {
  return new StillroomError('weights-download-failed', `expected to fetch ${String(url)}, found: ${found}`, { hint: 'see that the address is right, or fetch the file by hand and add it from a data root' });
}
