import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import openapiTypescript, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { pino } from 'pino';
import { serve } from './serve.ts';

const file = new URL('../../client/api/schema.d.ts', import.meta.url);

/** The types of the API, as its OpenAPI document says them: the text of `schema.d.ts`. */
export async function apiTypes(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'stillroom-types-'));
  const { address, token, close } = await serve({ home, port: 0, host: '127.0.0.1', version: 'any', provisionEngine: false, log: pino({ level: 'silent' }) });
  try {
    const answer = await fetch(`${address}/api/openapi.json`, { headers: { authorization: `Bearer ${token}` } });
    const types = astToString(await openapiTypescript((await answer.json()) as OpenAPI3));
    return `// Written by \`npm run api-types\` from the OpenAPI document of the server.\n${types}`;
  } finally {
    await close();
    await rm(home, { recursive: true, force: true });
  }
}

export const writtenTypes = (): Promise<string> => readFile(file, 'utf8');

if (process.argv[1] === new URL(import.meta.url).pathname) await writeFile(file, await apiTypes());
