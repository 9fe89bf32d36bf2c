import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { Caller } from './caller.ts';

type Json = Record<string, unknown>;
interface Operation {
  operationId?: string;
  summary?: string;
  tags?: string[];
  parameters?: { name: string; in: string; required?: boolean; schema?: { type?: string } }[];
  requestBody?: { content: Record<string, { schema?: unknown }> };
  responses: Record<string, { description?: string; content?: Record<string, { schema?: unknown }> }>;
}

let caller: Caller;
let document: Json & { paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, unknown> } };
const operations = (): [string, Operation][] => Object.entries(document.paths).flatMap(([path, of]) => Object.entries(of).map(([method, one]): [string, Operation] => [`${method} ${path}`, one]));

beforeAll(async () => {
  caller = await Caller.start(mkdtempSync(join(temporaryFolder(), 'home-')));
  document = (await caller.call('GET', '/openapi.json')).body;
});
afterAll(() => caller.served.close());

describe('the OpenAPI document', () => {
  it('is of version 3.1, and leads nowhere that it does not hold', () => {
    expect(document['openapi']).toBe('3.1.0');
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, to]) => to!);
    expect(references.length).toBeGreaterThan(0);
    const found = (to: string): unknown =>
      to.slice(2).split('/').reduce<unknown>((value, key) => (value as Json | undefined)?.[decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~')], document);
    expect(references.filter((to) => !to.startsWith('#/') || found(to) === undefined)).toEqual([]);
  });

  it('holds JSON Schemas of the 2020-12 draft alone, as 3.1 asks for', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'api', components: document.components });
    for (const name of Object.keys(document.components.schemas)) expect(() => ajv.compile({ $ref: `api#/components/schemas/${name}` }), name).not.toThrow();
    for (const [name, { requestBody, responses }] of operations()) {
      const contents = [requestBody?.content, ...Object.values(responses).map(({ content }) => content)].flatMap((content) => Object.values(content ?? {}));
      for (const { schema } of contents) {
        expect(schema, name).toBeTypeOf('object');
        expect(ajv.validateSchema(schema as object), `${name}: ${ajv.errorsText()}`).toBe(true);
      }
    }
  });

  it('names the parameters of each address, says what it does, and what may go wrong', () => {
    for (const [name, { summary, tags, parameters = [], responses }] of operations()) {
      const inPath = [...name.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
      const declared = parameters.filter((one) => one.in === 'path');
      expect(declared.map((one) => one.name).sort(), name).toEqual(inPath.sort());
      expect(declared.every(({ required }) => required), name).toBe(true);
      expect([summary, tags], name).toEqual([expect.stringMatching(/^\S.{5,}/), [expect.stringMatching(/\S/)]]);
      for (const [status, { description }] of Object.entries(responses)) {
        expect(status, name).toMatch(/^([2345]\d\d|default)$/);
        expect(description, `${name} ${status}`).toMatch(/\S/);
      }
      expect(responses, name).toHaveProperty('default');
    }
  });

  it('gives each operation a name of its own: a verb and what it is done with', () => {
    const names = operations().map(([, { operationId }]) => operationId);
    expect(names.filter((name) => !/^[a-z]+([A-Z][a-z]+)*$/.test(name ?? ''))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
    expect(document.paths['/api/graphs']).toMatchObject({ get: { operationId: 'listGraphs' }, post: { operationId: 'createGraph' } });
    expect(document.paths['/api/runs/{id}/pause']).toMatchObject({ post: { operationId: 'pauseRun' } });
  });

  it('says where 304 is answered: to whoever has what GET would give', async () => {
    let looked = 0;
    for (const [name, { responses }] of operations()) {
      const [method, path] = name.split(' ') as [string, string];
      expect(Object.hasOwn(responses, '304'), name).toBe(method === 'get');
      if (method !== 'get') continue;
      const at = path.slice('/api'.length).replace('/templates/{id}', '/templates/shallow');
      const { status, headers } = await caller.call('GET', at);
      if (status !== 200) continue;
      looked++;
      const again = await caller.call('GET', at, undefined, { 'if-none-match': String(headers['etag']) });
      expect([again.status, again.bytes.length], name).toEqual([304, 0]);
    }
    expect(looked).toBeGreaterThan(10);
  });

  it('pages its lists alike', () => {
    const paged = operations().flatMap(([name, { parameters = [] }]) => (parameters.some((one) => one.name === 'offset') ? [[name, parameters] as const] : []));
    expect(paged.length).toBeGreaterThan(3);
    for (const [name, parameters] of paged) {
      expect(parameters.find((one) => one.name === 'offset')?.schema, name).toMatchObject({ type: 'integer', minimum: 0, default: 0 });
      expect(parameters.find((one) => one.name === 'limit')?.schema, name).toMatchObject({ type: 'integer', minimum: 1, maximum: 500, default: 100 });
    }
  });

  it('says of numbers that are none what it found in their place', async () => {
    const numbers = operations().flatMap(([name, { parameters = [] }]) => parameters.filter((one) => one.in === 'query' && /integer|number/.test(one.schema?.type ?? '')).map((one) => [name, one.name] as const));
    expect(numbers.length).toBeGreaterThan(15);
    for (const [name, parameter] of numbers) {
      const [method, path] = name.split(' ') as [string, string];
      const at = path.slice('/api'.length).replaceAll('{index}', '0').replaceAll(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000');
      const { status, body } = await caller.call(method.toUpperCase(), `${at}?${parameter}=abc`);
      const { problems = [body] } = body as { problems?: { field: string }[] };
      const problem = problems.find(({ field }) => field === `query › ${parameter}`);
      expect([status, problem], name).toMatchObject([400, { code: 'bad-request' }]);
      expect(JSON.stringify(problem), name).toMatch(/expected a number, found \\"abc\\"/);
    }
  });

  it('asks for no body where a method has none', () => {
    expect(operations().filter(([name, { requestBody }]) => /^(get|delete) /.test(name) && requestBody).map(([name]) => name)).toEqual([]);
  });
});

describe('the pages of the API', () => {
  const page = (path: string): ReturnType<Caller['call']> => caller.call('GET', path);

  it('are a page whose scripts and styles are files of this server', async () => {
    const { status, headers, bytes } = await page('/docs/');
    expect(status).toBe(200);
    const html = bytes.toString();
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file!);
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) expect((await page(`/docs/${file}`)).status, file).toBe(200);
    expect(html).not.toMatch(/<script>|<script [^>]*>[^<]|\son\w+=|https?:/);
    expect(headers['content-security-policy']).toMatch(/default-src 'none'; script-src 'self';.*frame-ancestors 'none'/);
  });

  it('give of the package nothing but what the page needs, and nothing without the token', async () => {
    for (const file of ['package.json', 'index.html', 'swagger-initializer.js', 'oauth2-redirect.html', '..%2f..%2fpackage.json', 'swagger-ui-bundle.js.map']) expect((await page(`/docs/${file}`)).status, file).toBe(404);
    expect((await caller.call('GET', '/docs/', undefined, { authorization: '' })).status).toBe(401);
  });
});
