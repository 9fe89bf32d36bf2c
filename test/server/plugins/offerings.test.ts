import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changePlugin, fixture, installFixtures } from '../../support/plugins.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { Caller, type Answered } from '../api/caller.ts';

const root = temporaryFolder();
const home = join(root, 'home');
const extras = join(home, 'plugins', 'node_modules', '@acme', 'extras');
const path = `/plugins/${encodeURIComponent('@acme/extras')}`;
let caller: Caller;

beforeAll(async () => {
  installFixtures(home, 'extras', 'tint');
  caller = await Caller.start(home);
});
afterAll(() => caller.served.close());

interface Listed {
  name: string;
  state: string;
  templates: string[];
  exporters: string[];
  socketTypes: string[];
  hasIcon: boolean;
  hasDocs: boolean;
  problems: { code: string; message: string; file: string }[];
}
const listed = async (name: string): Promise<Listed> => ((await caller.call('GET', '/plugins')).body as { plugins: Listed[] }).plugins.find((one) => one.name === name)!;
const templates = async () => ((await caller.call('GET', '/templates')).body as { templates: { id: string; name: string; plugin: string | null }[] }).templates;

describe('Templates of a plugin', () => {
  it('are listed after those that ship, with its name, and begin new graphs', async () => {
    const found = await templates();
    expect(found[0]).toMatchObject({ id: 'dual-model', plugin: null });
    expect(found.at(-1)).toMatchObject({ id: '@acme/extras/warm', name: 'Warm places', plugin: '@acme/extras' });
    const read = await caller.call('GET', `/templates/${encodeURIComponent('@acme/extras/warm')}`);
    const { edges, description } = JSON.parse(readFileSync(join(fixture('extras'), 'templates', 'warm.json'), 'utf8')) as { edges: object[]; description: string };
    expect(read).toMatchObject({ status: 200, body: { id: '@acme/extras/warm', document: { description, edges } } });
    expect(await caller.call('POST', '/graphs', { template: '@acme/extras/warm' })).toMatchObject({ status: 201, body: { document: { name: 'Warm places' }, warnings: [] } });
    expect(await caller.call('GET', `/diff?from=${encodeURIComponent('templates/@acme/extras/warm')}&to=templates/dual-model`)).toMatchObject({ status: 200, body: { isSameLogic: false } });
  });

  it('that are broken are named at it, and the rest of it works', async () => {
    const { state, templates: offered, problems } = await listed('@acme/extras');
    expect([state, offered]).toEqual(['on', ['@acme/extras/warm']]);
    expect(problems.map(({ code, file }) => [code, file])).toEqual([
      ['plugin-template-invalid', './templates/foreign.json'],
      ['plugin-template-invalid', './templates/broken.json'],
    ]);
    expect(problems[0]!.message).toContain('expected ./templates/foreign.json of @acme/extras to be a graph of nodes that can be had, found: warm: expected a known node type, found "@acme/nobody/warm"');
    expect((await listed('@acme/tint')).problems).toEqual([]);
  });

  it('go with it when it is switched off', async () => {
    await caller.call('PATCH', path, { enabled: false });
    expect((await templates()).map(({ plugin }) => plugin)).not.toContain('@acme/extras');
    expect(await caller.call('POST', '/graphs', { template: '@acme/extras/warm' })).toMatchObject({ status: 404, body: { code: 'no-template' } });
    await caller.call('PATCH', path, { enabled: true });
    expect((await templates()).map(({ plugin }) => plugin)).toContain('@acme/extras');
  });
});

describe('Icon and documentation of a plugin', () => {
  const get = (what: string): Promise<Answered> => caller.call('GET', `${path}/${what}`);

  it('are given as picture and as text that can do nothing', async () => {
    expect(await listed('@acme/extras')).toMatchObject({ hasIcon: true, hasDocs: true, socketTypes: ['@acme/extras/heat', '@acme/extras/cold'] });
    const icon = await get('icon');
    expect([icon.status, icon.headers['content-type'], icon.headers['x-content-type-options']]).toEqual([200, 'image/svg+xml', 'nosniff']);
    expect(icon.headers['content-security-policy']).toBe("default-src 'none'; style-src 'unsafe-inline'; sandbox");
    expect(icon.bytes).toEqual(readFileSync(join(fixture('extras'), 'icon.svg')));
    const docs = await get('docs');
    expect([docs.status, docs.headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8']);
    expect(docs.bytes.toString()).toContain('<b>This is text</b>');
  });

  it('are not of a plugin that has none, nor of one that is not here', async () => {
    expect(await caller.call('GET', `/plugins/${encodeURIComponent('@acme/tint')}/icon`)).toMatchObject({ status: 404, body: { code: 'no-file' } });
    expect(await caller.call('GET', '/plugins/nobody/docs')).toMatchObject({ status: 404, body: { code: 'no-plugin' } });
  });

  it('are nothing outside the package that a link leads to, and no other kind of file', async () => {
    writeFileSync(join(root, 'secret.svg'), '<svg/>');
    rmSync(join(extras, 'icon.svg'));
    symlinkSync(join(root, 'secret.svg'), join(extras, 'icon.svg'));
    expect(await get('icon')).toMatchObject({ status: 502, body: { code: 'plugin-entry-missing', title: expect.stringContaining('a link that leads out of the package') as string } });
    changePlugin(home, '@acme/extras', 'package.json', (text) => text.replace('./icon.svg', './index.js').replace('./README.md', './index.js'));
    await caller.call('PATCH', path, { enabled: true });
    expect(await get('icon')).toMatchObject({ status: 502, body: { code: 'plugin-file-unfit', title: '@acme/extras: expected an icon as .svg, .png, .webp, .jpg, .jpeg, found .js' } });
    expect(await get('docs')).toMatchObject({ status: 502, body: { code: 'plugin-file-unfit' } });
  });
});

describe('A packed plugin that is sent', () => {
  const octets = { 'content-type': 'application/octet-stream' };

  it('is looked at, and added as what was shown; then it is forgotten', async () => {
    execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', root, fixture('misbehaves')], { stdio: 'pipe' });
    const sent = await caller.call('POST', '/plugins/upload', readFileSync(join(root, 'misbehaves-1.0.0.tgz')), octets);
    expect(sent).toMatchObject({ status: 201, body: { plugin: { name: 'misbehaves', version: '1.0.0', integrity: expect.stringMatching(/^sha512-/) as string } } });
    expect(await listed('misbehaves')).toBeUndefined();
    const { from, plugin } = sent.body as { from: string; plugin: { integrity: string } };
    expect(await caller.call('POST', '/plugins', { from, integrity: 'sha512-other' })).toMatchObject({ status: 409, body: { code: 'plugin-not-confirmed' } });
    expect(await caller.call('POST', '/plugins', { from, integrity: plugin.integrity })).toMatchObject({ status: 201, body: { name: 'misbehaves', state: 'on', nodes: ['misbehaves/node'] } });
    expect(await caller.call('POST', '/plugins', { from, integrity: plugin.integrity })).toMatchObject({ status: 404, body: { code: 'no-upload' } });
  });

  it('that is none is refused, with what was found', async () => {
    expect(await caller.call('POST', '/plugins/upload', Buffer.from('nothing packed'), octets)).toMatchObject({ status: 502, body: { code: 'npm-failed' } });
    expect(await caller.call('POST', '/plugins/look', { from: 'upload:../../state' })).toMatchObject({ status: 404, body: { code: 'no-upload' } });
  });
});
