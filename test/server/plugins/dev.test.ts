import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { builtinPacks } from '../../../server/plugins/builtin.ts';
import { Plugins, type Renewed } from '../../../server/plugins/plugins.ts';
import { fixture } from '../../support/plugins.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder();
const opened: Plugins[] = [];
afterEach(() => Promise.all(opened.splice(0).map((one) => one.close())));

async function until(is: () => boolean): Promise<void> {
  for (let i = 0; i < 600 && !is(); i++) await new Promise((resolve) => setTimeout(resolve, 25));
  expect(is()).toBe(true);
}

/** A plugin that is being worked at, in a server's hands. */
class Worked {
  readonly folder: string;
  readonly renewed: Renewed[] = [];
  changes = 0;
  plugins!: Plugins;

  private constructor(name: string, from = 'tint') {
    this.folder = join(root, name);
    cpSync(fixture(from), this.folder, { recursive: true });
  }

  static async open(name: string, before: (folder: string) => void = () => {}, others: readonly string[] = []): Promise<Worked> {
    const worked = new Worked(name);
    before(worked.folder);
    const home = join(root, `${name}-home`);
    worked.plugins = await Plugins.open({ home, packs: builtinPacks, module: '', places: { home, dev: [worked.folder, ...others] }, onChange: () => worked.changes++, onRenewed: (one) => worked.renewed.push(one), log: pino({ level: 'silent' }) });
    opened.push(worked.plugins);
    return worked;
  }

  /** Writes a file as a build does, and waits until the server has tried it. */
  async build(change: (text: string) => string, file = 'index.js'): Promise<Renewed> {
    const path = join(this.folder, file);
    const told = this.renewed.length;
    writeFileSync(path, change(readFileSync(path, 'utf8')));
    await until(() => this.renewed.length > told);
    return this.renewed.at(-1)!;
  }

  get stamp(): string | undefined {
    return this.plugins.source().plugins[0]?.stamp;
  }
}

const infer = (worked: Worked): unknown => worked.plugins.registry.get('@acme/tint/tint')!.infer({ images: { type: 'images', shape: [4, 4, 3] } }, { gain: 1 }, { problem: () => {}, cost: () => {} });

describe('a plugin that is being worked at', () => {
  it('is loaded anew when it is built anew, into every process that asks for packs', async () => {
    const worked = await Worked.open('again');
    const { stamp, changes } = worked;
    const { problem, plugin } = await worked.build((text) => text.replace("title: 'Tint'", "title: 'Colour cast'"));
    expect([problem, plugin.state, plugin.origin]).toEqual([null, 'on', 'dev']);
    expect(worked.plugins.registry.get('@acme/tint/tint')!.title).toBe('Colour cast');
    // What another process loads is named by another stamp, so that one that was kept warm is ended.
    expect(worked.stamp).toMatch(/^[0-9a-f]{16}$/);
    expect(worked.stamp).not.toBe(stamp);
    expect(worked.changes).toBe(changes + 1);
  });

  it('stays as it was where the new code does not load, with the file and the line of what is wrong', async () => {
    const worked = await Worked.open('broken');
    const { stamp } = worked;
    const thrown = await worked.build((text) => `${text}\nthrow new Error('half done');\n`);
    const lines = readFileSync(join(worked.folder, 'index.js'), 'utf8').split('\n');
    expect(thrown.problem).toMatchObject({ code: 'plugin-load-failed', message: 'expected @acme/tint 1.2.0 to load, found that its code failed: half done' });
    expect(thrown.problem!.file).toBe(`${join(worked.folder, 'index.js')}:${lines.findIndex((line) => line.startsWith('throw')) + 1}:7`);
    expect(thrown.plugin).toMatchObject({ state: 'on', why: null, newest: { code: 'plugin-load-failed' } });
    expect(infer(worked)).toEqual({ images: { type: 'images', shape: [4, 4, 3] } });
    expect(worked.stamp).toBe(stamp);
    const unreadable = await worked.build((text) => text.replace("throw new Error('half done');", 'const = 3;'));
    expect(unreadable.problem!.file).toBe(thrown.problem!.file!.replace(/:7$/, ''));
    const mended = await worked.build((text) => text.replace('const = 3;', ''));
    expect([mended.problem, mended.plugin.newest]).toEqual([null, null]);
    expect(worked.stamp).not.toBe(stamp);
  });

  it('says where its code threw when it is asked', async () => {
    const worked = await Worked.open('throws');
    await worked.build((text) => text.replace('infer({ images: x }, _params, ctx) {', "infer({ images: x }, _params, ctx) {\n    throw new Error('never');"));
    const line = readFileSync(join(worked.folder, 'index.js'), 'utf8').split('\n').findIndex((text) => text.includes("throw new Error('never')")) + 1;
    expect(() => infer(worked)).toThrow(expect.objectContaining({ code: 'plugin-failed', place: { file: `${join(worked.folder, 'index.js')}:${line}:11` } }) as Error);
  });

  it('comes to be there once its first build is done, and goes on where its manifest is half written', async () => {
    const worked = await Worked.open('unbuilt', (folder) => rmSync(join(folder, 'index.js')));
    expect(worked.plugins.named('@acme/tint')).toMatchObject({ state: 'failed', why: { code: 'plugin-entry-missing' } });
    writeFileSync(join(worked.folder, 'index.js'), '');
    expect((await worked.build(() => readFileSync(join(fixture('tint'), 'index.js'), 'utf8'))).problem).toBeNull();
    expect(worked.plugins.named('@acme/tint').state).toBe('on');
    writeFileSync(join(worked.folder, 'package.json'), '{ "name": ');
    await until(() => worked.renewed.length > 1);
    expect(worked.renewed.at(-1)!.problem).toMatchObject({ code: 'plugin-manifest-invalid' });
    expect(worked.plugins.registry.get('@acme/tint/tint')).toBeDefined();
  });

  it('stays off for what its code did while another one is built anew, until it is built anew itself or switched on', async () => {
    const other = join(root, 'beside');
    cpSync(fixture('misbehaves'), other, { recursive: true });
    const worked = await Worked.open('with-another', () => {}, [other]);
    const { plugins } = worked;
    const loop = (): unknown => plugins.registry.get('misbehaves/node')!.infer({ images: { type: 'images', shape: [4, 4, 3] } }, { how: 'loop' }, { problem: () => {}, cost: () => {} });
    expect(loop).toThrow('to return within 1.5 s');
    await until(() => plugins.named('misbehaves').state === 'off');
    expect((await worked.build((text) => text.replace("title: 'Tint'", "title: 'Colour cast'"))).problem).toBeNull();
    expect(plugins.registry.get('@acme/tint/tint')!.title).toBe('Colour cast');
    expect(plugins.named('misbehaves')).toMatchObject({ state: 'off', why: { code: 'plugin-timeout' } });
    expect((await plugins.enable('misbehaves')).state).toBe('on');
    expect(loop).toThrow('to return within 1.5 s');
    await until(() => plugins.named('misbehaves').state === 'off');
    writeFileSync(join(other, 'index.js'), readFileSync(join(other, 'index.js'), 'utf8').replace("title: 'Node'", "title: 'Mended'"));
    await until(() => plugins.named('misbehaves').state === 'on');
    expect(plugins.registry.get('misbehaves/node')!.title).toBe('Mended');
  });

  it('is tried again, not switched off for good, after code that does not return', async () => {
    const worked = await Worked.open('loops');
    await worked.build((text) => text.replace('infer({ images: x }, _params, ctx) {', 'infer({ images: x }, _params, ctx) {\n    for (;;);'));
    expect(() => infer(worked)).toThrow('to return within 1.5 s');
    await until(() => worked.plugins.named('@acme/tint').state !== 'on');
    expect(worked.plugins.named('@acme/tint')).toMatchObject({ state: 'off', why: { code: 'plugin-timeout' } });
    expect((await worked.build((text) => text.replace('for (;;);', ''))).problem).toBeNull();
    expect(infer(worked)).toEqual({ images: { type: 'images', shape: [4, 4, 3] } });
  });
});
