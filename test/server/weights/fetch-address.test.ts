import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fetchAddress, type Hop } from '../../../server/weights/fetch-address.ts';
import { isPublicAddress, publicLookup, publicUrl } from '../../../server/weights/public-address.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
const file = join(folder, 'x.safetensors');

describe('an address', () => {
  it.each(['8.8.8.8', '140.82.112.3', '172.15.0.1', '172.32.0.1', '2606:4700::1111', '2a00:1450:4001:80b::200e'])('%s is of the Internet', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    ...['127.0.0.1', '127.9.9.9', '0.0.0.0', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254', '100.64.0.1', '224.0.0.1', '255.255.255.255', '198.18.0.1'],
    ...['::', '::1', 'fe80::1', 'fc00::1', 'fd12::1', 'ff02::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '64:ff9b::7f00:1', '2002:7f00:1::', '2001::1', '2001:db8::1', 'no address'],
  ])('%s is not', (address) => expect(isPublicAddress(address)).toBe(false));

  it.each([
    ...['http://example.com/x', 'ftp://example.com/x', 'file:///etc/passwd', 'no address', 'https://ann:secret@example.com/x'],
    ...['https://localhost/x', 'https://127.0.0.1/x', 'https://2130706433/x', 'https://0x7f.1/x', 'https://[::1]/x', 'https://[::ffff:127.0.0.1]/x', 'https://router/x', 'https://a.local/x', 'https://metadata.google.internal/x'],
  ])('%s is refused before anything is asked', (address) => {
    expect(() => publicUrl(address)).toThrow(expect.objectContaining({ code: 'address-refused' }) as Error);
  });
});

describe('a name', () => {
  const look = (...addresses: string[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const lookup = publicLookup((_host, _options, done) => done(null, addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))));
      lookup('example.com', {}, (error, address) => (error ? reject(error) : resolve(address)));
    });

  it('is connected to at the address that was checked', async () => {
    expect(await look('8.8.8.8')).toBe('8.8.8.8');
  });

  it('that means this machine, even among others, is refused', async () => {
    await expect(look('127.0.0.1')).rejects.toMatchObject({ code: 'address-refused' });
    await expect(look('8.8.8.8', '10.0.0.1')).rejects.toMatchObject({ code: 'address-refused' });
    await expect(look()).rejects.toMatchObject({ code: 'address-refused' });
  });
});

describe('fetching from an address', () => {
  const answer = (status: number, headers: Record<string, string>, ...chunks: string[]): Awaited<ReturnType<Hop>> => ({
    status,
    headers: new Headers(headers),
    body: (async function* () {
      for (const chunk of chunks) yield Buffer.from(chunk);
    })(),
  });
  const fetched = (hop: Hop, most = 100): Promise<void> => fetchAddress('https://example.com/x', file, most, () => {}, hop);

  it('follows redirects, and keeps what is there', async () => {
    await fetched((url) => Promise.resolve(url.pathname === '/x' ? answer(302, { location: '/y' }) : answer(200, { 'content-length': '4' }, 'ab', 'cd')));
    expect(readFileSync(file, 'utf8')).toBe('abcd');
  });

  it.each(['http://example.com/y', 'https://127.0.0.1/y', 'https://[::1]/y', '//169.254.169.254/latest', 'file:///etc/passwd'])('does not follow to %s', async (location) => {
    await expect(fetched(() => Promise.resolve(answer(302, { location })))).rejects.toMatchObject({ code: 'address-refused' });
  });

  it('ends where it leads in a ring, fails, or gives too much, and leaves nothing', async () => {
    await expect(fetched(() => Promise.resolve(answer(302, { location: '/x' })))).rejects.toMatchObject({ code: 'weights-download-failed' });
    await expect(fetched(() => Promise.resolve(answer(404, {})))).rejects.toMatchObject({ code: 'weights-download-failed', message: expect.stringContaining('404') as string });
    await expect(fetched(() => Promise.resolve(answer(200, { 'content-length': '101' })))).rejects.toMatchObject({ code: 'upload-too-large' });
    await expect(fetched(() => Promise.resolve(answer(200, {}, 'x'.repeat(60), 'x'.repeat(60))))).rejects.toMatchObject({ code: 'upload-too-large' });
    expect(existsSync(file)).toBe(false);
  });

  it('refuses a name of this machine when it connects', async () => {
    await expect(fetchAddress('https://localhost.localdomain/x', file, 100, () => {})).rejects.toMatchObject({ code: expect.stringMatching(/address-refused|weights-download-failed/) as string });
  });
});
