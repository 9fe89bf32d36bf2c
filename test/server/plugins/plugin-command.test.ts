import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixture } from '../../support/plugins.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { json, problems, repository, Stillroom } from '../cli/stillroom.ts';

const root = temporaryFolder();
const home = join(root, 'home');
const stillroom = new Stillroom(home);
mkdirSync(join(root, 'packed'));
const tarball = join(root, 'packed', 'acme-tint-1.2.0.tgz');
execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', join(root, 'packed'), fixture('tint')], { stdio: 'pipe' });
const integrity = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;

interface Listed {
  name: string;
  state: string;
  integrity: string | null;
  why: { code: string } | null;
}
const listed = async (): Promise<Listed[]> => json(await stillroom.run('plugin', 'list', '--json'));

describe('stillroom plugin', () => {
  it('lists none in a home without plugins', async () => {
    expect(await listed()).toEqual([]);
    expect((await stillroom.run('plugin', 'list')).out).toBe('no plugins\n');
  });

  it('installs nothing where nobody agrees', async () => {
    const told = await stillroom.run('plugin', 'add', tarball);
    expect(told.code).toBe(1);
    expect(problems(told)).toEqual(['error: expected a person to agree that @acme/tint is installed, found nobody to ask (add --yes)']);
    expect(told.out).toContain('speaks with weights.example.org');
    expect(existsSync(join(home, 'plugins', 'package.json'))).toBe(false);
  });

  it('installs a packed package: shows what it is, pins it, and uses it', async () => {
    const told = await stillroom.run('plugin', 'add', tarball, '--yes');
    expect(told.err).toBe('');
    expect(told.out).toMatch(/^@acme\/tint 1\.2\.0 {2}Tint\n {2}author +A\. Author\n {2}licence +MIT\n {2}integrity +sha512-\S+\n {2}permissions +speaks with weights\.example\.org\n/);
    expect(told.out).toContain(integrity);
    expect(await listed()).toMatchObject([{ name: '@acme/tint', version: '1.2.0', state: 'on', origin: 'home', integrity, why: null }]);
    const lock = JSON.parse(readFileSync(join(home, 'plugins', 'package-lock.json'), 'utf8')) as { packages: Record<string, { integrity?: string }> };
    expect(lock.packages['node_modules/@acme/tint']!.integrity).toBe(integrity);
    expect(realpathSync(join(home, 'plugins', 'node_modules', 'stillroom'))).toBe(realpathSync(repository));
    expect((await stillroom.run('nodes', '@acme/tint/tint')).code).toBe(0);
  });

  it('switches it off and on', async () => {
    expect((await stillroom.run('plugin', 'disable', '@acme/tint')).out).toBe('@acme/tint is switched off\n');
    expect((await stillroom.run('nodes', '@acme/tint/tint')).code).toBe(1);
    expect(await listed()).toMatchObject([{ state: 'off', why: null, integrity }]);
    expect(json(await stillroom.run('plugin', 'enable', '@acme/tint', '--json'))).toMatchObject({ state: 'on' });
    expect((await stillroom.run('nodes', '@acme/tint/tint')).code).toBe(0);
    const told = await stillroom.run('plugin', 'enable', 'nobody', '--json');
    expect([told.code, json(told)]).toMatchObject([1, { error: { code: 'no-plugin' } }]);
  });

  it('leaves out a plugin whose files are not those that were installed, names them, and takes it anew', async () => {
    const folder = join(home, 'plugins', 'node_modules', '@acme', 'tint');
    const text = readFileSync(join(folder, 'index.js'), 'utf8');
    writeFileSync(join(folder, 'index.js'), text.replace('tf.mul', 'tf.add'));
    writeFileSync(join(folder, 'more.js'), '');
    expect(await listed()).toMatchObject([{ state: 'failed', why: { code: 'plugin-changed', message: 'expected @acme/tint as it was installed, found other files: index.js (changed), more.js (new)' } }]);
    const told = await stillroom.run('nodes', '@acme/tint/tint');
    expect([told.code, problems(told)[0]]).toEqual([1, expect.stringContaining('found other files: index.js (changed), more.js (new)')]);
    const enabled = await stillroom.run('plugin', 'enable', '@acme/tint');
    expect([enabled.code, enabled.out, problems(enabled)]).toEqual([1, '@acme/tint is switched on, and is not used\n', [expect.stringContaining('found other files: index.js (changed), more.js (new)')]]);
    expect((await stillroom.run('plugin', 'add', tarball, '--yes')).code).toBe(0);
    expect(await listed()).toMatchObject([{ state: 'on', why: null }]);
    expect(readFileSync(join(folder, 'index.js'), 'utf8')).toBe(text);
  });

  it('installs a folder beside it, runs none of its scripts, and removes it again', async () => {
    const folder = join(root, 'scripted');
    cpSync(fixture('misbehaves'), folder, { recursive: true });
    const told = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
    const mark = join(root, 'script-ran');
    const script = `node -e "require('fs').writeFileSync('${mark}', '')"`;
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...told, scripts: { install: script, postinstall: script, prepack: script, prepare: script } }));
    const added = await stillroom.run('plugin', 'add', folder, '--yes', '--json');
    expect(json(added)).toMatchObject({ name: 'misbehaves', state: 'on', installScripts: ['install', 'postinstall'], permissions: { network: [], files: [], native: false } });
    expect((await listed()).map(({ name }) => name)).toEqual(['@acme/tint', 'misbehaves']);
    expect((await stillroom.run('plugin', 'remove', 'misbehaves')).out).toBe('Removed misbehaves; graphs keep their nodes of it\n');
    expect((await listed()).map(({ name }) => name)).toEqual(['@acme/tint']);
    expect(existsSync(join(home, 'plugins', 'node_modules', 'stillroom', 'package.json'))).toBe(true);
    expect(existsSync(mark)).toBe(false);
  });

  it('says of one with install scripts that they are not run', async () => {
    const told = await stillroom.run('plugin', 'add', join(root, 'scripted'));
    expect([told.code, told.out]).toEqual([1, expect.stringMatching(/\n {2}scripts +has install, postinstall, which are not run/)]);
  });

  it.each([
    ['a link', () => symlinkSync('/etc/hosts', join(root, 'linked', 'package', 'hosts')), [], 'a link: "package/hosts"'],
    ['an entry outside of it', () => writeFileSync(join(root, 'linked', 'out'), ''), ['--transform', 's,^out$,package/../../out,', 'out'], 'one that lies outside of it: "package/../../out"'],
  ])('does not install a package with %s, and names it', async (_, put, more, found) => {
    const folder = join(root, 'linked');
    rmSync(folder, { recursive: true, force: true });
    cpSync(fixture('misbehaves'), join(folder, 'package'), { recursive: true });
    put();
    const packed = join(root, 'linked-1.0.0.tgz');
    execFileSync('tar', ['-czPf', packed, '-C', folder, ...more, 'package']);
    const told = await stillroom.run('plugin', 'add', packed, '--yes', '--json');
    expect([told.code, json(told)]).toMatchObject([1, { error: { code: 'plugin-package-unsafe', message: `expected files and folders inside the package, found ${found}` } }]);
    expect((await listed()).map((one) => one.name)).toEqual(['@acme/tint']);
  });

  it.each([
    ['future-api', 'plugin-api-unfit'],
    ['wrong-manifest', 'plugin-manifest-invalid'],
  ])('does not install %s, and leaves everything as it was', async (name, code) => {
    const told = await stillroom.run('plugin', 'add', fixture(name), '--yes', '--json');
    expect([told.code, json(told)]).toMatchObject([1, { error: { code } }]);
    expect((await listed()).map((one) => one.name)).toEqual(['@acme/tint']);
  });

  it('says what is not there, and what npm says of what it cannot read', async () => {
    const missing = await stillroom.run('plugin', 'add', join(root, 'no-such.tgz'), '--yes', '--json');
    expect([missing.code, json(missing)]).toMatchObject([1, { error: { code: 'no-such-path', message: 'expected a packed package or a folder, found nothing there' } }]);
    writeFileSync(join(root, 'torn.tgz'), 'no package');
    const torn = await stillroom.run('plugin', 'add', join(root, 'torn.tgz'), '--yes', '--json');
    expect([torn.code, json(torn)]).toMatchObject([1, { error: { code: 'npm-failed' } }]);
  });

  it('holds a plugin that it checks to the rules of the conformance kit, and looks at what its manifest names', async () => {
    const tint = await stillroom.run('plugin', 'check', '@acme/tint');
    expect([tint.code, problems(tint)]).toEqual([1, [expect.stringContaining('error: @acme/tint/copies: [docs] parameter "count": expected help for the person who sets it, found none') as string]]);
    const extras = await stillroom.run('plugin', 'check', fixture('extras'), '--json');
    const { check, error } = json<{ check: { findings: object[]; problems: { file: string }[] }; error: { code: string } }>(extras);
    expect([extras.code, check.findings, check.problems.map(({ file }) => file), error.code]).toEqual([1, [], ['./templates/foreign.json', './templates/broken.json'], 'plugin-template-invalid']);
    const good = await stillroom.run('plugin', 'check', fixture('workshop'));
    expect([good.code, good.out]).toEqual([0, expect.stringMatching(/\nIt conforms \(on .+\)\n$/)]);
  });

  it('tells of a plugin that ends the process while it is checked', async () => {
    const told = await stillroom.run('plugin', 'check', fixture('bad-exports'), '--json');
    expect([told.code, json(told)]).toMatchObject([1, { name: 'bad-exports', check: null, problem: { message: 'expected bad-exports to be checked, found that it ended the process: SIGKILL' } }]);
  });

  it('checks a plugin by loading it: an installed one, or a folder', async () => {
    expect(json(await stillroom.run('plugin', 'check', '@acme/tint', '--json'))).toMatchObject({ name: '@acme/tint', problem: null, nodes: ['@acme/tint/tint', '@acme/tint/copies'] });
    const told = await stillroom.run('plugin', 'check', fixture('foreign-type'));
    expect(told.code).toBe(1);
    expect(problems(told)[0]).toContain('expected node types of foreign-type to be called "foreign-type/…", found "teacher/better"');
  });
});
