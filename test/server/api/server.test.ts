import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cookieNameOf, cookieValueOf } from '../../../server/api/guard.ts';
import { serve, type Served } from '../../../server/api/serve.ts';
import type { GraphDocument } from '../../../server/graph/document.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const home = mkdtempSync(join(temporaryFolder(), 'home-'));
const shipped = JSON.parse(readFileSync(new URL('../../../graphs/dual-model.json', import.meta.url), 'utf8')) as GraphDocument;
const options = { home, port: 0, host: '127.0.0.1', version: '1.2.3', provisionEngine: false, log: pino({ level: 'silent' }) };
let served: Served;

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  body: never;
}

/** A request with any headers at all, Host among them, which fetch does not let one choose. */
function ask(method: string, path: string, { headers = {}, body }: { headers?: Record<string, string>; body?: unknown } = {}): Promise<Answer> {
  const { hostname, port } = new URL(served.address);
  const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ hostname, port, method, path, headers: { ...(text === undefined ? {} : { 'content-type': 'application/json' }), ...headers } }, (response) => {
      let told = '';
      response.setEncoding('utf8').on('data', (part: string) => (told += part));
      response.on('end', () => {
        const isJson = /json/.test(response.headers['content-type'] ?? '');
        resolve({ status: response.statusCode!, headers: response.headers, text: told, body: (isJson ? JSON.parse(told) : undefined) as never });
      });
    });
    sent.on('error', reject).end(text);
  });
}

const bearer = (): Record<string, string> => ({ authorization: `Bearer ${served.token}` });
const call = (method: string, path: string, body?: unknown): Promise<Answer> => ask(method, path, { headers: bearer(), body });
const cookie = (): Record<string, string> => ({ cookie: `${cookieNameOf(served.token!)}=${cookieValueOf(served.token!)}` });

beforeAll(async () => void (served = await serve(options)));
afterAll(() => served.close());

describe('the server', () => {
  it('says that it is there to whoever asks, and nothing else without the token', async () => {
    expect(await ask('GET', '/api/health')).toMatchObject({ status: 200, body: { status: 'ok', version: '1.2.3' } });
    for (const path of ['/api/graphs', '/api/openapi.json', '/api/nothing']) {
      expect(await ask('GET', path)).toMatchObject({ status: 401, body: { code: 'no-token', hint: expect.stringContaining('Bearer') as string } });
    }
    expect(await ask('GET', '/api/graphs', { headers: { authorization: 'Bearer guess' } })).toMatchObject({ status: 401 });
  });

  it('keeps its token from others of the machine, and from later starts', () => {
    expect(statSync(join(home, 'server', 'token')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(home, 'server', 'token'), 'utf8').trim()).toBe(served.token);
  });

  it('signs a browser in by its link, with a cookie that no script reads and no other site sends', async () => {
    const link = new URL(served.link);
    const answer = await ask('GET', `/${link.search}`);
    expect(answer).toMatchObject({ status: 303, headers: { location: '/' } });
    const value = createHmac('sha256', served.token!).update('stillroom cookie').digest('hex');
    expect(answer.headers['set-cookie']).toEqual([`${cookieNameOf(served.token!)}=${value}; Path=/; HttpOnly; SameSite=Strict`]);
    expect(await ask('GET', '/api/graphs', { headers: cookie() })).toMatchObject({ status: 200 });
    expect(await ask('GET', '/?token=guess')).toMatchObject({ status: 401 });
    expect(await ask('GET', '/', { headers: cookie() })).toMatchObject({ status: 302, headers: { location: '/api/' } });
    expect(await ask('GET', '/api/', { headers: cookie() })).toMatchObject({ status: 200, text: expect.stringContaining('/api/graphs/{id}/history') as string });
    expect(await ask('GET', '/')).toMatchObject({ status: 401, body: { code: 'no-token' } });
  });

  it('shows a person without the cookie how to sign in, and tells programs in their form', async () => {
    const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
    for (const path of ['/', '/runs/x', '/?token=guess', '/api/', '/api/docs/', '/api/graphs']) {
      const { status, headers, text } = await ask('GET', path, { headers: { accept } });
      expect([status, headers['content-type']], path).toEqual([401, 'text/html; charset=utf-8']);
      expect(text).toContain('The terminal that <code>stillroom server</code> was started in');
      expect(text).not.toContain(served.token);
      expect(text).not.toMatch(/<script|https?:/);
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'unsafe-inline';.*frame-ancestors 'none'$/);
      expect(headers).toMatchObject({ 'cache-control': 'no-store', vary: 'Accept' });
    }
    for (const headers of [{}, { accept: '*/*' }, { accept: 'application/json' }, { accept: 'image/avif,image/webp,*/*;q=0.8' }] as Record<string, string>[]) {
      const answer = await ask('GET', '/', { headers });
      expect([answer.status, answer.headers['content-type'], answer.body], headers['accept']).toMatchObject([401, 'application/problem+json; charset=utf-8', { code: 'no-token' }]);
    }
    expect(await ask('GET', '/', { headers: { accept, host: 'evil.example' } })).toMatchObject({ status: 403, body: { code: 'wrong-host' } });
  });

  it('describes every address it has in OpenAPI', async () => {
    const { body } = await call('GET', '/api/openapi.json');
    expect(body).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } });
    const paths = (body as { paths: Record<string, Record<string, unknown>> }).paths;
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/api/health', '/api/graphs', '/api/graphs/{id}', '/api/graphs/{id}/history', '/api/check']));
    expect(Object.keys(paths['/api/graphs/{id}']!).sort()).toEqual(['delete', 'get', 'patch', 'put']);
  });

  it('is alone in its home', async () => {
    await expect(serve(options)).rejects.toMatchObject({ code: 'home-busy', place: { file: home }, message: expect.stringContaining(`at ${served.address}`) as string });
    const port = Number(new URL(served.address).port);
    const other = { ...options, home: join(temporaryFolder(), 'other') };
    await expect(serve({ ...other, port })).rejects.toMatchObject({
      code: 'port-taken',
      message: expect.stringContaining('a Stillroom server of another home') as string,
      hint: expect.stringContaining('--port') as string,
    });
    const stranger = createServer((_request, response) => void response.end('hello')).listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    const taken = (stranger.address() as AddressInfo).port;
    await expect(serve({ ...other, port: taken })).rejects.toMatchObject({ code: 'port-taken', message: expect.stringContaining('another program') as string });
    stranger.close();
    await (await serve(other)).close();
    expect(existsSync(join(other.home, 'server', 'address'))).toBe(false);
  });

  it('lets as many runs at work at once as it was last told, whichever way, and one at first', async () => {
    const elsewhere = join(temporaryFolder(), 'limited');
    const limit = async (given: object, change?: number): Promise<unknown> => {
      const { address, token, close } = await serve({ ...options, home: elsewhere, ...given });
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      if (change !== undefined) await fetch(`${address}/api/queue`, { method: 'PATCH', headers, body: JSON.stringify({ concurrency: change }) });
      const { concurrency } = (await (await fetch(`${address}/api/queue`, { headers })).json()) as { concurrency: number };
      await close();
      return concurrency;
    };
    expect(await limit({})).toBe(1);
    expect(await limit({}, 3)).toBe(3);
    expect(await limit({})).toBe(3);
    expect(await limit({ runs: { concurrency: 2 } })).toBe(2);
    expect(await limit({})).toBe(3);
    for (const text of ['many', '0', '-1', '']) {
      writeFileSync(join(elsewhere, 'runs', 'queue-concurrency.txt'), text);
      expect(await limit({}), text).toBe(1);
    }
  });

  it('is given names of hosts alone to answer to', async () => {
    for (const name of ['http://x.example', 'x.example:80', 'a b', '']) {
      await expect(serve({ ...options, home: join(temporaryFolder(), 'named'), allowedHosts: [name] })).rejects.toMatchObject({ code: 'bad-host-name' });
    }
  });
});

describe('a request that is an attack', () => {
  it.each(['evil.example', 'evil.example:80', '169.254.169.254', 'localhost.evil.example', '127.0.0.1.evil.example'])('under another name is refused: Host %j', async (host) => {
    expect(await ask('GET', '/api/health', { headers: { host } })).toMatchObject({ status: 403, body: { code: 'wrong-host' } });
  });

  it('from a page of another site, with the cookie, changes nothing', async () => {
    const body = { document: shipped };
    for (const headers of [{ origin: 'http://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }, {}]) {
      expect(await ask('POST', '/api/graphs', { headers: { ...cookie(), ...headers } as Record<string, string>, body })).toMatchObject({ status: 403, body: { code: 'wrong-origin' } });
    }
    expect(await ask('POST', '/api/graphs', { headers: { ...cookie(), origin: served.address }, body })).toMatchObject({ status: 201 });
  });

  it.each([
    ['a prototype', '{"document":{"__proto__":{"x":1}}}', 'reserved-name'],
    ['deep nesting', `{"document":${'['.repeat(500)}${']'.repeat(500)}}`, 'json-too-deep'],
    ['no JSON', '{"document":', 'json-syntax'],
    ['a body that is none', undefined, 'json-syntax'],
  ])('with %s is told what is wrong', async (_, body, code) => {
    expect(await ask('POST', '/api/graphs', { headers: bearer(), body })).toMatchObject({ status: 400, body: { code } });
  });

  it.each([
    ['GET', '/api/runs?limit=abc', undefined, 'query › limit', 'expected a number, found "abc"'],
    ['GET', '/api/runs?limit=1.5', undefined, 'query › limit', 'expected a whole number, found "1.5"'],
    ['GET', '/api/runs?limit=501', undefined, 'query › limit', 'expected a number of at most 500, found "501"'],
    ['GET', '/api/graphs?offset=-1', undefined, 'query › offset', 'expected a number of at least 0, found "-1"'],
    ['GET', '/api/graphs?limit=1&limit=2', undefined, 'query › limit', 'expected a number, found ["1","2"]'],
    ['GET', '/api/graphs?removed=perhaps', undefined, 'query › removed', 'expected one of "true"|"false", found "perhaps"'],
    ['GET', '/api/diff?from=x', undefined, 'query › from', 'expected "graphs/ID", "graphs/ID@REVISION", "runs/ID" or "templates/ID", found "x"'],
    ['GET', '/api/predictions/x/maps/0', undefined, 'path › id', 'expected a valid UUID, found "x"'],
    ['POST', '/api/compare', {}, 'body › runs', 'expected a list, found nothing'],
    ['POST', '/api/compare', { runs: [5] }, 'body › runs › 0', 'expected a string, found 5'],
    ['POST', '/api/compare', { runs: [] }, 'body › runs', 'expected a list of at least 1 items, found []'],
    ['POST', '/api/compare', { runs: ['x'], sort: 1 }, 'body', 'expected no field of another name, found "sort"'],
    ['POST', '/api/graphs', {}, 'body', 'expected either a document or a template, found an object'],
  ])('by mistake in its form is told what was expected and found: %s %s %j', async (method, path, body, field, title) => {
    expect(await call(method, path, body)).toMatchObject({ status: 400, body: { code: 'bad-request', field, title } });
  });

  it('with too large a body is cut off', async () => {
    expect(await call('POST', '/api/graphs', `"${'x'.repeat(17 * 2 ** 20)}"`)).toMatchObject({ status: 413, body: { code: 'body-too-large' } });
  });

  it.each(['..%2f..%2fetc%2fpasswd', '..', 'x', '%00', '%', 'a'.repeat(5000)])('with %s for an id reaches no file', async (id) => {
    const { status } = await call('GET', `/api/graphs/${id}`);
    expect([400, 404]).toContain(status);
  });

  it('gets headers that keep a page to itself', async () => {
    const { headers } = await ask('GET', '/api/health');
    expect(headers['content-security-policy']).toContain("default-src 'self'");
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cross-origin-opener-policy': 'same-origin' });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    expect(headers).not.toHaveProperty('x-powered-by');
  });
});
