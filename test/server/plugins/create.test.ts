import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readPluginPackage } from '../../../server/plugins/manifest.ts';
import { linkTools } from '../../support/third-party.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { json, repository, Stillroom } from '../cli/stillroom.ts';

const root = temporaryFolder();
const stillroom = new Stillroom(join(root, 'home'));
const bin = fileURLToPath(new URL('../../../server/plugins/create/bin.js', import.meta.url));
const run = promisify(execFile);

interface Told {
  name: string;
  title: string;
  folder: string;
  files: string[];
  error: { code: string; message: string };
}

/** As `npm create stillroom-plugin` runs it. */
function npmCreate(...args: string[]): { code: number | null; told: Told } {
  const { status, stdout } = spawnSync(process.execPath, [bin, ...args, '--json'], { encoding: 'utf8' });
  return { code: status, told: JSON.parse(stdout) as Told };
}

const read = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8');

describe('a plugin that is begun', () => {
  const folder = join(root, 'stillroom-hot-spots');

  it('is the same by npm and by the command, and carries its own name everywhere', async () => {
    const { code, told } = npmCreate(folder);
    expect([code, told.name, told.title]).toEqual([0, 'stillroom-hot-spots', 'Hot spots']);
    expect(told.files).toEqual(expect.arrayContaining(['.github/workflows/ci.yml', '.gitignore', 'LICENSE', 'README.md', 'package.json', 'src/client/peaks.ts', 'src/index.ts', 'test/conformance.test.ts', 'tsconfig.json']));
    const other = join(root, 'other');
    expect(json<Told>(await stillroom.call('plugin', 'create', other, '--name', told.name, '--title', told.title, '--json')).files).toEqual(told.files);
    for (const file of told.files) {
      expect(read(folder, file), file).toBe(read(other, file));
      expect(read(folder, file), file).not.toMatch(/stillroom-plugin-name|Plugin title/);
    }
    const found = readPluginPackage(read(folder, 'package.json'), 'package.json');
    expect(found).toMatchObject({ name: 'stillroom-hot-spots', title: 'Hot spots', licence: 'MIT', manifest: { packs: ['./dist/index.js'], client: { viewers: [{ name: 'peaks', for: ['map'] }] } } });
    expect(JSON.parse(read(folder, 'package.json'))).toMatchObject({ devDependencies: { stillroom: `file:${repository.replace(/\/$/, '')}` } });
  });

  it('type-checks, passes its own tests, builds, and loads, as it was written', async () => {
    linkTools(folder);
    const npm = (...args: string[]): Promise<{ stdout: string }> => run('npm', args, { cwd: folder, env: { ...process.env, NODE_TEST_CONTEXT: undefined } });
    await npm('run', 'typecheck');
    const { stdout } = await npm('test');
    expect(stdout).toContain('stillroom-hot-spots/top-hat conforms');
    expect(stdout).toMatch(/^# fail 0$/m);
    await npm('run', 'build');
    expect(read(folder, 'dist/client/peaks.js')).not.toMatch(/^\s*import /m);
    expect(json(await stillroom.run('plugin', 'check', folder, '--json'))).toMatchObject({ problem: null, nodes: ['stillroom-hot-spots/top-hat'] });
    expect(JSON.parse((await npm('pack', '--dry-run', '--json', '--ignore-scripts')).stdout)).toMatchObject([{ files: expect.arrayContaining([expect.objectContaining({ path: 'dist/index.js' }), expect.objectContaining({ path: 'LICENSE' })]) as unknown }]);
  });

  it('is called by its folder, within the scope that the folder above it stands for', async () => {
    const scoped = join(root, '@acme', 'stillroom-scoped');
    expect((await stillroom.call('plugin', 'create', scoped)).code).toBe(0);
    expect(JSON.parse(read(scoped, 'package.json'))).toMatchObject({ name: '@acme/stillroom-scoped', stillroom: { title: 'Scoped' } });
  });

  it('has the licence that was chosen', async () => {
    for (const licence of ['Apache-2.0', 'none']) {
      const at = join(root, licence.toLowerCase());
      expect((await stillroom.call('plugin', 'create', at, '--name', '@acme/peaks', '--licence', licence)).code).toBe(0);
      expect(existsSync(join(at, 'LICENSE'))).toBe(licence !== 'none');
      expect(JSON.parse(read(at, 'package.json'))).toMatchObject({ name: '@acme/peaks', license: licence === 'none' ? 'UNLICENSED' : licence });
    }
    expect(read(join(root, 'apache-2.0'), 'LICENSE')).toContain('Apache License');
    expect(read(folder, 'LICENSE')).toContain(`Copyright (c) ${new Date().getFullYear()} the authors of stillroom-hot-spots`);
  });

  it('is not begun under a name that npm would refuse', async () => {
    for (const name of ['Hot Spots', '../x', '@acme', 'a'.repeat(215), 'node_modules', 'stillroom']) {
      const told = await stillroom.call('plugin', 'create', join(root, 'unnamed'), '--name', name, '--json');
      expect([told.code, json(told)], name).toMatchObject([1, { error: { code: 'plugin-name-invalid' } }]);
      expect(npmCreate(join(root, 'unnamed'), '--name', name)).toMatchObject({ code: 1, told: { error: { code: 'plugin-name-invalid' } } });
    }
    expect(existsSync(join(root, 'unnamed'))).toBe(false);
  });

  it('is not begun over what is there; an empty repository is as good as nothing', async () => {
    const at = join(root, 'taken');
    mkdirSync(join(at, '.git'), { recursive: true });
    expect((await stillroom.call('plugin', 'create', at, '--json')).code).toBe(0);
    const before = readdirSync(at);
    const told = await stillroom.call('plugin', 'create', at, '--json');
    expect([told.code, json<Told>(told).error.code]).toEqual([1, 'folder-not-empty']);
    expect(readdirSync(at)).toEqual(before);
    writeFileSync(join(root, 'a-file'), '');
    expect(npmCreate(join(root, 'a-file'))).toMatchObject({ code: 1, told: { error: { code: 'folder-not-empty' } } });
  });

  it('needs a folder, and options that are there', () => {
    expect(npmCreate()).toMatchObject({ code: 2, told: { error: { code: 'bad-usage', message: 'expected one folder, found 0' } } });
    expect(npmCreate(join(root, 'x'), '--licence', 'GPL')).toMatchObject({ code: 2, told: { error: { code: 'bad-usage' } } });
    expect(npmCreate(join(root, 'x'), '--colour', 'red').code).toBe(2);
  });
});
