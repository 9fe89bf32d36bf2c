import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { StillroomError } from '../../../plugins/sdk/problem.ts';
import { download } from '../../../server/weights/download.ts';
import type { EngineProgress } from '../../../server/engine/progress.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
const content = randomBytes(300_000);
const servers: Server[] = [];
let count = 0;

afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done).closeAllConnections())));
});

async function serve(answer: RequestListener): Promise<{ url: string; asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/weights.bin`, asked };
}

/** As a static file server answers, cutting the first `cuts` answers off half-way through what is left. */
function files(etag: string | undefined, cuts = 0, bytes = content): RequestListener {
  return (request, response) => {
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
    const from = range && request.headers['if-range'] === etag ? Number(range[1]) : 0;
    const rest = bytes.subarray(from);
    if (etag) response.setHeader('etag', etag);
    if (from) response.setHeader('content-range', `bytes ${from}-${bytes.length - 1}/${bytes.length}`);
    response.writeHead(from ? 206 : 200, { 'content-length': rest.length });
    if (cuts-- > 0) response.write(rest.subarray(0, rest.length >> 1), () => setTimeout(() => response.destroy(), 50));
    else response.end(rest);
  };
}

const target = (): string => join(folder, `${count++}.bin`);

const isContent = async (file: string): Promise<void> => {
  const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
  if (hash(readFileSync(file)) !== hash(content)) throw new StillroomError('weights-hash-mismatch', 'expected another');
};

function fetchTo(file: string, urls: string[], progress: EngineProgress[] = []): Promise<void> {
  return download(urls, file, { onProgress: (step) => progress.push(step), accept: isContent });
}

describe('a download', () => {
  it('arrives whole, saying how far it is, and leaves nothing beside it', async () => {
    const { url } = await serve(files('"a"'));
    const [file, progress] = [target(), [] as EngineProgress[]];
    await fetchTo(file, [url], progress);
    expect(readFileSync(file).equals(content)).toBe(true);
    expect([existsSync(`${file}.part`), existsSync(`${file}.part.json`)]).toEqual([false, false]);
    expect(progress.at(-1)).toEqual({
      stage: 'download', subject: expect.stringMatching(/\.bin$/), done: 300_000, total: 300_000, unit: 'bytes',
    });
  });

  it('goes on where the connection broke', async () => {
    const { url, asked } = await serve(files('"a"', 2));
    const file = target();
    await fetchTo(file, [url]);
    expect(readFileSync(file).equals(content)).toBe(true);
    expect(asked.map(({ headers }) => headers.range)).toEqual([undefined, 'bytes=150000-', 'bytes=225000-']);
  });

  it('goes on where another process was killed', async () => {
    const { url, asked } = await serve(files('"a"'));
    const file = target();
    writeFileSync(`${file}.part`, content.subarray(0, 1000));
    writeFileSync(`${file}.part.json`, JSON.stringify({ url, validator: '"a"' }));
    await fetchTo(file, [url]);
    expect(readFileSync(file).equals(content)).toBe(true);
    expect(asked[0]!.headers.range).toBe('bytes=1000-');
  });

  it('begins again where the file has changed in between', async () => {
    const { url } = await serve(files('"b"'));
    const file = target();
    writeFileSync(`${file}.part`, randomBytes(1000));
    writeFileSync(`${file}.part.json`, JSON.stringify({ url, validator: '"a"' }));
    await fetchTo(file, [url]);
    expect(readFileSync(file).equals(content)).toBe(true);
  });

  it('begins again where the server cannot tell whether it has', async () => {
    const { url, asked } = await serve(files(undefined, 1));
    const file = target();
    await fetchTo(file, [url]);
    expect(readFileSync(file).equals(content)).toBe(true);
    expect(asked.map(({ headers }) => headers.range)).toEqual([undefined, undefined]);
  });

  it('begins again where more was fetched than there is', async () => {
    const { url } = await serve((request, response) => {
      if (request.headers.range) response.writeHead(416).end();
      else files('"a"')(request, response);
    });
    const file = target();
    writeFileSync(`${file}.part`, randomBytes(400_000));
    writeFileSync(`${file}.part.json`, JSON.stringify({ url, validator: '"a"' }));
    await fetchTo(file, [url]);
    expect(readFileSync(file).equals(content)).toBe(true);
  });

  it('comes from the next address where the first has none', async () => {
    const gone = await serve((_, response) => response.writeHead(404).end('no'));
    const there = await serve(files('"a"'));
    const file = target();
    await fetchTo(file, [gone.url, there.url]);
    expect(readFileSync(file).equals(content)).toBe(true);
    expect(gone.asked).toHaveLength(1);
  });

  it('goes through the proxy that the environment names', async () => {
    const there = await serve(files('"a"'));
    let asked = '';
    const proxy = createTcpServer((socket) =>
      socket.once('data', (data) => {
        asked = String(data).split('\r\n')[0]!;
        socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
      }),
    );
    await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
    vi.stubEnv('http_proxy', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    vi.stubEnv('no_proxy', '');
    await expect(fetchTo(target(), [there.url])).rejects.toMatchObject({ code: 'weights-download-failed' });
    proxy.close();
    expect(asked).toContain(new URL(there.url).host);
    expect(there.asked).toEqual([]);
  });
});

describe("the user's proxy", () => {
  /** Passes on what it is asked for, as a proxy does for http, and remembers it. */
  async function proxy(): Promise<{ url: string; asked: string[] }> {
    const asked: string[] = [];
    const { url } = await serve((request, response) => {
      asked.push(request.url!);
      const path = request.url!.startsWith('http') ? request.url! : '';
      if (!path) return void response.writeHead(400).end();
      const onward = httpRequest(path, { headers: request.headers }, (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      });
      onward.on('error', () => response.destroy());
      onward.end();
    });
    // A tunnel, which undici asks for also where plain http goes through.
    servers.at(-1)!.on('connect', (request, client, head) => {
      asked.push(request.url!);
      const [host, port] = request.url!.split(':');
      const onward = connect(Number(port), host, () => {
        client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        onward.write(head);
        onward.pipe(client).pipe(onward);
      });
      onward.on('error', () => client.destroy());
      client.on('error', () => onward.destroy());
    });
    return { url: new URL(url).origin, asked };
  }

  const noProxies = (): void => {
    for (const name of ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy', 'npm_config_proxy', 'npm_config_https_proxy', 'npm_config_noproxy']) {
      vi.stubEnv(name, '');
      vi.stubEnv(name.toUpperCase(), '');
    }
  };

  it.each(['http_proxy', 'HTTP_PROXY', 'npm_config_proxy', 'all_proxy'])('of %s carries the file', async (variable) => {
    const [there, through] = [await serve(files('"a"')), await proxy()];
    noProxies();
    vi.stubEnv(variable, through.url);
    const file = target();
    await fetchTo(file, [there.url]);
    expect(readFileSync(file).equals(content)).toBe(true);
    expect(through.asked.join()).toContain(new URL(there.url).host);
  });

  it.each(['no_proxy', 'NO_PROXY', 'npm_config_noproxy'])('is left out for hosts of %s', async (variable) => {
    const [there, through] = [await serve(files('"a"')), await proxy()];
    noProxies();
    vi.stubEnv('http_proxy', through.url);
    vi.stubEnv(variable, 'example.org,127.0.0.1');
    await fetchTo(target(), [there.url]);
    expect(through.asked).toEqual([]);
  });

  it('that is no address is told', async () => {
    noProxies();
    vi.stubEnv('HTTPS_PROXY', 'not an address');
    await expect(fetchTo(target(), ['http://127.0.0.1:9/x'])).rejects.toMatchObject({
      code: 'weights-download-failed',
      message: 'expected a proxy such as http://host:8080, found HTTPS_PROXY=not an address',
    });
  });
});

describe('a download that fails', () => {
  it('says what the server answered, and where the file may be put by hand', async () => {
    const { url } = await serve((_, response) => response.writeHead(403).end());
    const file = target();
    await expect(fetchTo(file, [url])).rejects.toMatchObject({
      code: 'weights-download-failed',
      message: `expected to fetch ${url}, found: the server answers 403 Forbidden`,
      place: { file },
    });
  });

  it('keeps what it has when the connection breaks again and again', async () => {
    const { url, asked } = await serve(files('"a"', 99));
    const file = target();
    await expect(fetchTo(file, [url])).rejects.toMatchObject({ code: 'weights-download-failed' });
    expect(asked).toHaveLength(3);
    expect(existsSync(file)).toBe(false);
    expect(readFileSync(`${file}.part`).equals(content.subarray(0, 262_500))).toBe(true);
  });

  it('throws away a file that is not accepted', async () => {
    const { url } = await serve(files('"a"', 0, randomBytes(5000)));
    const file = target();
    await expect(fetchTo(file, [url])).rejects.toMatchObject({ code: 'weights-hash-mismatch' });
    expect([existsSync(file), existsSync(`${file}.part`), existsSync(`${file}.part.json`)]).toEqual([false, false, false]);
  });
});
