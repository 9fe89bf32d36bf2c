import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { encoded, picture } from '../data/pictures.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { zip } from '../../support/zip.ts';
import { Caller, type Answered } from './caller.ts';

const folder = temporaryFolder();
const home = join(folder, 'home');
const own = join(home, 'datasets');
const boundary = 'x----boundary';
let caller: Caller;
let image: Buffer;
let uploads = 0;

interface Part {
  name: string;
  filename?: string;
  content: Uint8Array | string;
}

function form(...parts: Part[]): Buffer {
  const pieces = parts.flatMap(({ name, filename, content }) => [
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"${filename === undefined ? '' : `; filename="${filename}"\r\nContent-Type: application/octet-stream`}\r\n\r\n`),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]);
}

const file = (filename: string, content: Uint8Array | string = image): Part => ({ name: 'files', filename, content });
const send = (body: Uint8Array, type: string, name = `upload-${++uploads}`): Promise<Answered> =>
  caller.call('POST', `/datasets/upload?name=${encodeURIComponent(name)}`, body, { 'content-type': type });
const sendForm = (...parts: Part[]): Promise<Answered> => send(form(...parts), `multipart/form-data; boundary=${boundary}`);
const sendZip = (files: Record<string, Uint8Array>, modes?: Record<string, number>): Promise<Answered> => send(zip(files, modes), 'application/zip');
const left = (): string[] => readdirSync(own).filter((name) => name !== 'good-zip' && name !== 'good-form');

beforeAll(async () => {
  vi.stubEnv('STILLROOM_CACHE', join(folder, 'cache'));
  image = await encoded(picture(7));
  mkdirSync(join(own, '.upload-killed', 'files'), { recursive: true });
  caller = await Caller.start(home, { uploadLimits: { files: 5, bytesPerFile: 100_000, bytes: 300_000, ratio: 100 } });
});
afterAll(async () => {
  await caller.served.close();
  vi.unstubAllEnvs();
});

describe('a dataset that is sent', () => {
  it('as a form is put into a folder of its own and registered', async () => {
    const answer = await send(form(file('train/good/0.png'), file('train/good/1.png'), file('über/ä.txt', 'note')), `multipart/form-data; boundary=${boundary}`, 'good-form');
    expect(answer).toMatchObject({ status: 201, body: { name: 'good-form' } });
    expect(readFileSync(join(own, 'good-form', 'train/good/1.png')).equals(image)).toBe(true);
    expect(readFileSync(join(own, 'good-form', 'über/ä.txt'.normalize('NFC')), 'utf8')).toBe('note');
    expect((await caller.call('GET', '/datasets')).body['total']).toBe(1);
  });

  it('as an archive is unpacked, be it the body or a part of a form', async () => {
    const archive = zip({ 'train/good/0.png': image, 'train/good/1.png': image }, { 'train/good/0.png': 0o100644 });
    expect(await send(archive, 'application/zip', 'good-zip')).toMatchObject({ status: 201 });
    expect(readdirSync(join(own, 'good-zip', 'train', 'good'))).toEqual(['0.png', '1.png']);
    expect(await sendForm({ name: 'archive', filename: 'set.zip', content: archive })).toMatchObject({ status: 201 });
    expect(await send(archive, 'application/zip', 'good-zip')).toMatchObject({ status: 409, body: { code: 'dataset-name-taken' } });
  });

  it('finds what a killed server has left of another removed', () => {
    expect(readdirSync(own)).not.toContain('.upload-killed');
  });
});

describe('an upload that is an attack leaves nothing behind', () => {
  let before: string[];
  beforeAll(() => void (before = left()));
  afterEach(() => {
    expect(left()).toEqual(before);
    expect(readdirSync(folder).sort()).toEqual(['home']);
  });

  it.each([
    ['../escape.png', 'unsafe-name'],
    ['train/../../escape.png', 'unsafe-name'],
    ['/tmp/escape.png', 'unsafe-name'],
    ['C:/escape.png', 'unsafe-name'],
    ['..\\\\escape.png', 'unsafe-name'],
    ['a/./b.png', 'unsafe-name'],
    ['a//b.png', 'unsafe-name'],
    ['a/b.png/', 'unsafe-name'],
    ['nul\u0000.png', 'unsafe-name'],
    ['a./b.png', 'unsafe-name'],
    [`${'d/'.repeat(40)}x.png`, 'unsafe-name'],
    [`${'x'.repeat(300)}.png`, 'unsafe-name'],
  ])('as a form with the name %j', async (name, code) => {
    expect(await sendForm(file('good.png'), file(name))).toMatchObject({ status: 400, body: { code } });
  });

  it.each([
    ['../escape.png', 'unsafe-name'],
    ['a/../../escape.png', 'unsafe-name'],
    ['/escape.png', 'unsafe-name'],
    ['C:/escape.png', 'unsafe-name'],
    ['a\\..\\..\\escape.png', 'unsafe-name'],
    ['a\u0000.png', 'unsafe-name'],
  ])('as an archive with the name %j', async (name, code) => {
    expect(await sendZip({ 'good.png': image, [name]: image })).toMatchObject({ status: 400, body: { code } });
  });

  it.each([
    ['A.png', 'a.png'],
    ['x', 'x/y.png'],
    ['x/y.png', 'X/z.png'],
    ['\u00e9.png', 'e\u0301.png'],
  ])('with %j and %j, one on some systems', async (one, other) => {
    expect(await sendZip({ [one]: image, [other]: image })).toMatchObject({ status: 400, body: { code: 'name-twice' } });
    expect(await sendForm(file(one), file(other))).toMatchObject({ status: 400, body: { code: 'name-twice' } });
  });

  it.each([
    ['a link', 0o120777],
    ['a device', 0o020666],
    ['a pipe', 0o010666],
    ['a folder that is called a file', 0o040755],
  ])('as an archive with %s', async (_, mode) => {
    expect(await sendZip({ 'a.png': Buffer.from('/etc/passwd') }, { 'a.png': mode })).toMatchObject({ status: 400, body: { code: 'archive-unsafe' } });
  });

  it('as an archive that unpacks to more than it may: in a file, in all, in number', async () => {
    expect(await sendZip({ 'a.png': Buffer.alloc(100_001) })).toMatchObject({ status: 413, body: { code: 'upload-too-large' } });
    expect(await sendZip(Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, Buffer.alloc(90_000)])))).toMatchObject({ status: 413, body: { code: 'upload-too-large' } });
    expect(await sendZip(Object.fromEntries(Array.from({ length: 6 }, (_, i) => [String(i), image])))).toMatchObject({ status: 413, body: { code: 'upload-too-large' } });
  });

  it('as an archive that lies about sizes or bytes', async () => {
    const lying = zip({ 'a.png': Buffer.alloc(90_000, 1) });
    // What it says of the size once unpacked, in both headers.
    for (const [at, magic] of [[22, 'PK\x03\x04'], [24, 'PK\x01\x02']] as const) lying.writeUInt32LE(10, lying.indexOf(magic, 0, 'latin1') + at);
    expect(await send(lying, 'application/zip')).toMatchObject({ status: 400, body: { code: 'archive-unreadable' } });
    const damaged = zip({ 'a.png': image });
    damaged.writeUInt32LE(1, damaged.indexOf('PK\x01\x02', 0, 'latin1') + 16);
    expect(await send(damaged, 'application/zip')).toMatchObject({ status: 400, body: { code: 'archive-unreadable', title: expect.stringContaining('checksum') as string } });
    for (const bytes of [Buffer.from('no archive'), Buffer.alloc(0), zip({ 'a.png': image }).subarray(0, 60)]) {
      expect(await send(bytes, 'application/zip')).toMatchObject({ status: 400, body: { code: 'archive-unreadable' } });
    }
    expect(await sendZip({})).toMatchObject({ status: 400, body: { code: 'upload-empty' } });
  });

  it('as a form that is too large: a file, all of it, in number', async () => {
    expect(await sendForm(file('a.png', Buffer.alloc(100_001)))).toMatchObject({ status: 413, body: { code: 'upload-too-large' } });
    expect(await sendForm(...['a', 'b', 'c', 'd'].map((name) => file(name, Buffer.alloc(90_000))))).toMatchObject({ status: 413, body: { code: 'upload-too-large' } });
    expect(await sendForm(...Array.from({ length: 6 }, (_, i) => file(String(i))))).toMatchObject({ status: 413, body: { code: 'upload-too-large' } });
    const endless = await caller.call('POST', '/datasets/upload?name=x', Buffer.alloc(400_000), { 'content-type': 'application/zip', 'transfer-encoding': 'chunked' });
    expect(endless).toMatchObject({ status: 413, body: { code: 'upload-too-large' } });
  });

  it('as a form that is none, or holds something else', async () => {
    expect(await sendForm({ name: 'files', content: 'text' })).toMatchObject({ status: 400, body: { code: 'upload-unreadable' } });
    expect(await sendForm({ ...file('a.png'), name: 'other' })).toMatchObject({ status: 400, body: { code: 'upload-unreadable' } });
    expect(await sendForm(file('a.png'), { name: 'archive', filename: 'a.zip', content: zip({ 'b.png': image }) })).toMatchObject({ status: 400, body: { code: 'upload-unreadable' } });
    expect(await sendForm()).toMatchObject({ status: 400 });
    expect(await send(form(file('a.png')).subarray(0, 120), `multipart/form-data; boundary=${boundary}`)).toMatchObject({ status: 400, body: { code: 'upload-unreadable' } });
    expect(await send(form(file('a.png')), 'multipart/form-data')).toMatchObject({ status: 400, body: { code: 'upload-unreadable' } });
    expect(await send(Buffer.from('{}'), 'text/plain')).toMatchObject({ status: 415, body: { code: 'upload-unsupported' } });
  });

  it.each(['../x', '', '.hidden', 'a/b', 'x'.repeat(101), 'CON:', 'a\u0000', 'ends.'])('under the name %j', async (name) => {
    expect(await send(zip({ 'a.png': image }), 'application/zip', name)).toMatchObject({ status: 400, body: { code: 'dataset-name-invalid' } });
  });

  it('that breaks off in the middle', async () => {
    const { hostname, port } = new URL(caller.served.address);
    const socket = connect(Number(port), hostname);
    const head = `POST /api/datasets/upload?name=broken HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${caller.served.token}\r\nContent-Type: multipart/form-data; boundary=${boundary}\r\nContent-Length: 90000\r\n\r\n`;
    socket.write(Buffer.concat([Buffer.from(head), form(file('a.png', Buffer.alloc(5000))).subarray(0, 3000)]));
    const hasBegun = (): boolean => readdirSync(own).some((name) => name.startsWith('.upload-'));
    await vi.waitUntil(hasBegun, { timeout: 10_000 });
    socket.destroy();
    await vi.waitUntil(() => !hasBegun(), { timeout: 10_000 });
  });
});

it('a server is not blocked by an upload that hangs', async () => {
  const { hostname, port } = new URL(caller.served.address);
  const socket = connect(Number(port), hostname);
  socket.write(`POST /api/datasets/upload?name=slow HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${caller.served.token}\r\nContent-Type: application/zip\r\nContent-Length: 1000\r\n\r\nPK`);
  expect(await caller.call('GET', '/health')).toMatchObject({ status: 200 });
  socket.destroy();
});

it('a bomb is known by what it would unpack to', async () => {
  const bombed = await Caller.start(join(folder, 'other'), { uploadLimits: { ratio: 100 } });
  // 80 MB of nothing: a thousandth once packed.
  const bomb = zip({ 'a.png': Buffer.alloc(80 * 2 ** 20) });
  expect(await bombed.call('POST', '/datasets/upload?name=bomb', bomb, { 'content-type': 'application/zip' })).toMatchObject({ status: 413, body: { code: 'upload-too-large', title: expect.stringContaining('100 times') as string } });
  expect(readdirSync(join(folder, 'other', 'datasets'))).toEqual([]);
  await bombed.served.close();
});
