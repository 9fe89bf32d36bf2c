import { mkdtempSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { Caller } from './caller.ts';

let caller: Caller;

beforeAll(async () => void (caller = await Caller.start(mkdtempSync(join(temporaryFolder(), 'home-')), { patience: { headers: 1, body: 1 } })));
afterAll(() => caller.served.close());

/** Sends the beginning of a request and no more; what the server says until it hangs up. */
function begin(text: string): Promise<string> {
  const { hostname, port } = new URL(caller.served.address);
  return new Promise((resolve, reject) => {
    let told = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.setEncoding('utf8').on('data', (part: string) => (told += part));
    socket.on('error', reject).on('close', () => resolve(told));
  });
}

describe('a request that never ends', () => {
  const head = (): string => `POST /api/check HTTP/1.1\r\nHost: ${new URL(caller.served.address).host}\r\n`;

  it('is hung up on in its headers', async () => {
    expect(await begin(head())).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('is told so and hung up on in its body', async () => {
    const told = await begin(`${head()}Authorization: Bearer ${caller.served.token}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"document":`);
    expect(told).toMatch(/^HTTP\/1\.1 408 /);
    expect(told).toContain('"code":"body-too-slow"');
  });

  it('keeps no other from being answered', async () => {
    const slow = begin(head());
    expect(await caller.call('POST', '/check', { document: 1 })).toMatchObject({ status: 400, body: { code: 'graph-invalid' } });
    await slow;
  });
});
