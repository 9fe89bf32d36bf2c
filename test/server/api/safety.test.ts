import { mkdtempSync, readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cookieNameOf, cookieValueOf } from '../../../server/api/guard.ts';
import { hostsOf, hostsOfLinks } from '../../../server/api/hosts.ts';
import type { Served } from '../../../server/api/serve.ts';
import { serveTrial } from '../../support/served.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder();
const newHome = (): string => mkdtempSync(join(root, 'home-'));

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** With any headers at all, Host among them, which fetch does not let one choose. */
function ask(served: Served, method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<Answer> {
  const { hostname: name, port } = new URL(served.address);
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ hostname: name, port, method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }));
    });
    sent.on('error', reject).end(body);
  });
}

/** What opening a socket comes to. */
function knock(served: Served, headers: Record<string, string>, transport: 'websocket' | 'polling'): Promise<string> {
  const socket = io(served.address, { extraHeaders: headers, forceNew: true, reconnection: false, transports: [transport] });
  return new Promise<string>((resolve) => {
    socket.once('connect', () => resolve('open'));
    socket.once('connect_error', () => resolve('refused'));
  }).finally(() => socket.disconnect());
}

/** How a socket is asked for, by either transport, as far as headers go. */
const handshakes = {
  websocket: { path: '/socket.io/?EIO=4&transport=websocket', headers: { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' } },
  polling: { path: '/socket.io/?EIO=4&transport=polling', headers: {} },
};

const json = { 'content-type': 'application/json' };

describe('a server with a token', () => {
  let served: Served;
  let log = '';
  const home = newHome();
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      log += chunk.toString();
      done();
    },
  });
  beforeAll(async () => void (served = await serveTrial({ home, log: pino({ level: 'trace' }, sink) })));
  afterAll(() => served.close());
  const bearer = (): Record<string, string> => ({ authorization: `Bearer ${served.token}` });
  const cookie = (): Record<string, string> => ({ cookie: `${cookieNameOf(served.token!)}=${cookieValueOf(served.token!)}` });
  const here = (): string => new URL(served.address).host;

  it('answers to no name that was made to point at it', async () => {
    for (const host of ['evil.example', 'evil.example:80', '127.0.0.1.evil.example', 'localhost.evil.example', '@127.0.0.1', '127.0.0.1/x', '[::2]']) {
      const { status, text } = await ask(served, 'GET', '/api/graphs', { ...bearer(), host });
      expect([status, (JSON.parse(text) as { code: string }).code], host).toEqual([403, 'wrong-host']);
    }
    for (const host of ['localhost', 'localhost:9', '127.0.0.1', '127.8.9.1:80', '[::1]:80']) expect((await ask(served, 'GET', '/api/graphs', { ...bearer(), host })).status, host).toBe(200);
  });

  it('lets no page of another site change anything with a cookie that it was sent along', async () => {
    const body = JSON.stringify({ template: 'shallow' });
    for (const origin of ['http://evil.example', 'null', 'http://localhost:1', `https://${here()}`.replace(/\d+$/, '1'), 'file://']) {
      expect((await ask(served, 'POST', '/api/graphs', { ...cookie(), ...json, origin }, body)).status, origin).toBe(403);
    }
    expect((await ask(served, 'POST', '/api/graphs', { ...cookie(), ...json, 'sec-fetch-site': 'cross-site' }, body)).status).toBe(403);
    expect((await ask(served, 'POST', '/api/graphs', { ...cookie(), ...json }, body)).status).toBe(403);
    expect((await ask(served, 'POST', '/api/graphs', { ...cookie(), ...json, origin: `http://${here()}` }, body)).status).toBe(201);
  });

  it('takes no cookie for its token, nor its token for a cookie', async () => {
    const [value, name] = [cookieValueOf(served.token!), cookieNameOf(served.token!)];
    const tokenAsCookie = { cookie: `${name}=${served.token}` };
    const cookieAsToken = { authorization: `Bearer ${value}` };
    for (const headers of [tokenAsCookie, cookieAsToken, { ...tokenAsCookie, ...cookieAsToken }, { cookie: `${name}=` }, { cookie: `${name}=${value.toUpperCase()}` }]) {
      expect((await ask(served, 'GET', '/api/graphs', headers)).status, JSON.stringify(headers)).toBe(401);
      expect(await knock(served, headers, 'websocket')).toBe('refused');
    }
    expect((await ask(served, 'GET', `/?token=${value}`)).status).toBe(401);
    expect((await ask(served, 'GET', '/api/graphs', cookie())).status).toBe(200);
  });

  it('says nothing that lets pages of other sites read its answers', async () => {
    for (const origin of ['http://evil.example', 'null']) {
      const { headers } = await ask(served, 'OPTIONS', '/api/graphs', { ...bearer(), origin, 'access-control-request-method': 'GET' });
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  it.each(['websocket', 'polling'] as const)('opens a %s to its own pages and to programs, and to nobody else', async (transport) => {
    expect(await knock(served, bearer(), transport)).toBe('open');
    expect(await knock(served, { ...cookie(), origin: `http://${here()}` }, transport)).toBe('open');
    expect(await knock(served, {}, transport)).toBe('refused');
    expect(await knock(served, { authorization: 'Bearer guess' }, transport)).toBe('refused');
    expect(await knock(served, { ...cookie(), origin: 'http://evil.example' }, transport)).toBe('refused');
    expect(await knock(served, { ...bearer(), origin: 'http://evil.example' }, transport)).toBe('refused');
    if (transport === 'websocket') expect(await knock(served, { ...bearer(), host: 'evil.example' }, transport)).toBe('refused');
    else expect((await ask(served, 'GET', '/socket.io/?EIO=4&transport=polling', { ...bearer(), host: 'evil.example' })).status).toBe(403);
  });

  it.each(['websocket', 'polling'] as const)('says why it opens no %s', async (transport) => {
    const { path, headers } = handshakes[transport];
    for (const [given, status, code] of [
      [{}, 401, 'no-token'],
      [{ authorization: 'Bearer guess' }, 401, 'no-token'],
      [{ ...bearer(), origin: 'http://evil.example' }, 403, 'wrong-origin'],
      [{ ...bearer(), host: 'evil.example' }, 403, 'wrong-host'],
    ] as [Record<string, string>, number, string][]) {
      const answer = await ask(served, 'GET', path, { ...headers, ...given });
      expect(answer, JSON.stringify(given)).toMatchObject({ status, headers: { 'content-type': 'application/problem+json', connection: 'close' } });
      expect(JSON.parse(answer.text)).toMatchObject({ status, code, title: expect.stringContaining('expected') as string, hint: expect.any(String) as string });
    }
  });

  it('goes on with no socket of another for who has its id alone', async () => {
    const { path } = handshakes.polling;
    const opened = await ask(served, 'GET', path, bearer());
    const { sid } = JSON.parse(opened.text.slice(1)) as { sid: string };
    for (const method of ['GET', 'POST']) expect((await ask(served, method, `${path}&sid=${sid}`, {}, method === 'POST' ? '40' : '')).status, method).toBe(401);
    expect((await ask(served, 'GET', `${handshakes.websocket.path}&sid=${sid}`, handshakes.websocket.headers)).status).toBe(401);
    expect((await ask(served, 'POST', `${path}&sid=${sid}`, { ...bearer(), 'content-type': 'text/plain' }, '40')).status).toBe(200);
  });

  it('takes no JSON that reaches for prototypes, is too deep, or too large', async () => {
    const post = (body: string): Promise<Answer> => ask(served, 'POST', '/api/check', { ...bearer(), ...json }, body);
    expect(JSON.parse((await post('{"document": {"__proto__": {"polluted": true}}}')).text)).toMatchObject({ status: 400, code: 'reserved-name' });
    expect(JSON.parse((await post(`{"document": ${'['.repeat(5000)}${']'.repeat(5000)}}`)).text)).toMatchObject({ status: 400, code: 'json-too-deep' });
    expect((await post(`{"document": "${'x'.repeat(40_000_000)}"}`)).status).toBe(413);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    const kept = JSON.parse((await ask(served, 'POST', '/api/graphs', { ...bearer(), ...json }, JSON.stringify({ template: 'shallow' }))).text) as { id: string; revision: number };
    for (const path of [['nodes', '__proto__', 'x'], ['__proto__'], ['subgraphs', '__proto__'], ['nodes', 'constructor'], []]) {
      const answer = await ask(served, 'PATCH', `/api/graphs/${kept.id}`, { ...bearer(), ...json }, JSON.stringify({ revision: kept.revision, patch: [{ path, after: 1 }] }));
      expect(answer.status, JSON.stringify(path)).toBe(400);
    }
    expect(JSON.parse((await ask(served, 'GET', `/api/graphs/${kept.id}`, bearer())).text)).toMatchObject({ revision: kept.revision });
  });

  it('tells every page to run its own scripts alone, to be framed by none and to be taken for nothing else', async () => {
    const { headers } = await ask(served, 'GET', '/api/graphs', cookie());
    const policy = String(headers['content-security-policy']);
    expect(policy).toMatch(/default-src 'self'/);
    expect(policy).toMatch(/script-src 'self'(;|$)/);
    expect(policy).toMatch(/frame-ancestors 'none'/);
    expect(policy).toMatch(/object-src 'none'/);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    expect(headers['x-powered-by']).toBeUndefined();
  });

  it('never writes its token into its log', async () => {
    await ask(served, 'GET', `/?token=${served.token}`);
    await ask(served, 'GET', '/api/nothing', bearer());
    await ask(served, 'POST', '/api/check', { ...bearer(), ...json }, '{');
    expect(log).toContain('listening');
    expect(log).not.toContain(served.token);
    expect(log).not.toContain(readFileSync(join(home, 'server', 'token'), 'utf8').trim());
  });
});

describe('a server without a token', () => {
  let served: Served;
  beforeAll(async () => void (served = await serveTrial({ home: newHome(), withToken: false })));
  afterAll(() => served.close());

  it('listens on this machine alone', async () => {
    await expect(serveTrial({ home: newHome(), withToken: false, host: '0.0.0.0' })).rejects.toMatchObject({ code: 'token-needed' });
    expect(served).toMatchObject({ token: null, link: served.address });
  });

  it('serves programs and its own pages, and lets no other page change anything', async () => {
    const body = JSON.stringify({ template: 'shallow' });
    const here = new URL(served.address).host;
    expect((await ask(served, 'POST', '/api/graphs', json, body)).status).toBe(201);
    expect((await ask(served, 'POST', '/api/graphs', { ...json, origin: `http://${here}` }, body)).status).toBe(201);
    expect((await ask(served, 'POST', '/api/graphs', { ...json, origin: 'http://evil.example' }, body)).status).toBe(403);
    expect((await ask(served, 'POST', '/api/graphs', { 'content-type': 'text/plain', 'sec-fetch-site': 'cross-site' }, body)).status).toBe(403);
    expect((await ask(served, 'GET', '/api/graphs', { host: 'evil.example' })).status).toBe(403);
    expect(await knock(served, { origin: 'http://evil.example' }, 'websocket')).toBe('refused');
    expect(await knock(served, {}, 'websocket')).toBe('open');
  });
});

describe('the names of a server', () => {
  it('are its address, on every address those of the machine, and those it is told', () => {
    expect([...hostsOf('127.0.0.1', [])]).toEqual([]);
    expect([...hostsOf('192.0.2.7', ['Lab.Example'])]).toEqual(['192.0.2.7', 'lab.example']);
    expect([...hostsOf('0.0.0.0', [])]).toEqual(expect.arrayContaining([hostname().toLowerCase(), '127.0.0.1']));
  });

  it('stand in its links: those that other machines reach it by, where they do', () => {
    const others = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).filter(({ internal }) => !internal));
    const [four, six] = [others.filter(({ family }) => family === 'IPv4'), others.filter((one) => one.family === 'IPv6' && !one.address.startsWith('fe80'))].map((all) => all.map(({ address }) => address));
    expect(hostsOfLinks('127.0.0.1', ['lab.example'])).toEqual(['127.0.0.1']);
    expect(hostsOfLinks('192.0.2.7', ['Lab.Example', '192.0.2.7'])).toEqual(['192.0.2.7', 'lab.example']);
    expect(hostsOfLinks('2001:db8::7', [])).toEqual(['[2001:db8::7]']);
    expect(hostsOfLinks('0.0.0.0', ['lab.example'])).toEqual(['127.0.0.1', 'lab.example', ...four!]);
    expect(hostsOfLinks('::', []).toSorted()).toEqual(['127.0.0.1', ...four!, ...six!.map((address) => `[${address}]`)].toSorted());
  });

  it('let every link in that it tells', async () => {
    const served = await serveTrial({ home: newHome(), host: '0.0.0.0', allowedHosts: ['lab.example'] });
    try {
      const { port } = new URL(served.address);
      expect(served.links.slice(0, 2)).toEqual([served.link, `http://lab.example:${port}/?token=${served.token}`]);
      for (const link of served.links) {
        const { host, hostname: name, search } = new URL(link);
        expect(await ask(served, 'GET', `/${search}`, { host }), link).toMatchObject({ status: 303 });
        if (name !== 'lab.example') expect((await fetch(link, { redirect: 'manual' })).status, link).toBe(303);
      }
      expect((await ask(served, 'GET', '/', { host: `other.example:${port}` })).status).toBe(403);
    } finally {
      await served.close();
    }
  });
});
