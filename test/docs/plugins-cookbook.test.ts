import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnyNodeDefinition, Layout, Pack } from '../../plugins/sdk/index.ts';
import { checkPack, computeNode } from '../../server/conformance/index.ts';
import { readPluginPackage } from '../../server/plugins/manifest.ts';
import { chromiumPath, startBrowser } from '../support/browser.ts';
import { describeWith, needs } from '../support/needs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { linkTools } from '../support/third-party.ts';

const text = readFileSync(new URL('../../docs/plugins-cookbook.md', import.meta.url), 'utf8');
const folder = mkdtempSync(join(temporaryFolder(), 'acme-'));
const options = { target: 'es2022', module: 'nodenext', lib: ['es2022', 'dom'], types: [], strict: true, noUncheckedIndexedAccess: true, skipLibCheck: true, noEmitOnError: true, verbatimModuleSyntax: true, rewriteRelativeImportExtensions: true, rootDir: 'src', outDir: 'dist' };

const packed = async (): Promise<Pack> => ((await import(join(folder, 'dist/index.js'))) as { pack: Pack }).pack;
const node = async (type: string): Promise<AnyNodeDefinition> => (await packed()).nodes.find((one) => one.type === type)!;

beforeAll(() => {
  for (const [, name, code] of text.matchAll(/^```ts\n\/\/ (\S+)\n(.*?)^```$/gms)) {
    const file = join(folder, 'src', name!);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, code!);
  }
  linkTools(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'acme', type: 'module' }));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['src'] }));
  execFileSync(process.execPath, [join(folder, 'node_modules/typescript/bin/tsc')], { cwd: folder, encoding: 'utf8' });
}, 60_000);

describe('docs/plugins-cookbook.md', { timeout: 60_000 }, () => {
  it('has recipes that keep the contract, once they are compiled', async () => {
    const { findings, nodes } = await checkPack(await packed(), { plugin: 'acme' });
    expect(findings).toEqual([]);
    expect(nodes).toHaveLength(4);
  });

  it('has a backbone with the weights of the published network', async () => {
    const { architectures } = await packed();
    const count = architectures![0]!.weights().filter(({ name }) => !name.includes('running_')).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    // torchvision states 21,797,672; 13,114,368 of them are layer4's, 513,000 the classifier's.
    expect(count).toBe(21_797_672 - 13_114_368 - 513_000);
  });

  it('has a loss and a scorer whose values are those of their formulas', async () => {
    const [teacher, student] = [Float32Array.of(1, 0, 2, 5), Float32Array.of(1, 2, -1, 5)];
    const feature = (data: Float32Array) => ({ type: 'features' as const, shape: [1, 2, 2], data });
    const { loss } = await computeNode(await node('acme/charbonnier'), { params: { epsilon: 0.5 }, inputs: { teacher: feature(teacher), student: feature(student) } });
    expect(loss!.data[0]).toBeCloseTo([0, 4, 9, 0].reduce((sum, d) => sum + Math.sqrt(d + 0.25), 0) / 4, 6);

    const map = { type: 'map' as const, shape: [1, 4, 1], data: Float32Array.of(1, 2, 3, 4) };
    const scored = async (power: number): Promise<number> => (await computeNode(await node('acme/generalised-mean'), { params: { power }, inputs: { map } }))['score']!.data[0]!;
    expect(await scored(1)).toBeCloseTo(2.5, 5);
    expect(await scored(3)).toBeCloseTo(((1 + 8 + 27 + 64) / 4) ** (1 / 3), 5);
    await expect(computeNode(await node('acme/generalised-mean'), { inputs: { map: { ...map, centred: true } } })).rejects.toThrow(/found one whose values may be below zero/);
  });

  it('has a layout that finds what lies in its folders', async () => {
    const [layout] = (await packed()).layouts as [Layout];
    const listed = (name: string, files: string[]) => ({ name, path: `${name}/`, folders: [], files });
    const root = { name: 'parts', path: '', files: [], folders: [listed('ng', ['x.png']), listed('ng_mask', ['x.png', 'y.png']), listed('ok', ['1.png', '2.png', '3.png', '4.png', '5.png', 'notes.txt'])] };
    expect(layout.detects(root)).toBe(true);
    expect(layout.detects({ ...root, folders: root.folders.slice(1) })).toBe(false);
    const [category] = await layout.read(root, { text: async () => null, validationFolder: '' });
    expect(category).toMatchObject({
      train: ['ok/1.png', 'ok/2.png', 'ok/3.png', 'ok/4.png'],
      test: [{ path: 'ok/5.png', defect: 'good', masks: [] }, { path: 'ng/x.png', defect: 'ng', masks: ['ng_mask/x.png'] }],
      orphanMasks: ['ng_mask/y.png'],
    });
  });

  it('has a manifest that can be read', () => {
    const [, manifest] = /^```json\n(.*?)^```$/ms.exec(text)!;
    const found = readPluginPackage(JSON.stringify({ name: 'acme', version: '1.0.0', keywords: ['stillroom-plugin'], stillroom: { manifest: 1, api: '^1.0.0', ...(JSON.parse(manifest!) as object) } }), 'package.json');
    expect(found.manifest.client!.viewers).toHaveLength(1);
  });
});

describeWith([needs.program(chromiumPath)], 'what docs/plugins-cookbook.md adds to the editor', () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    browser = await startBrowser();
    page = await browser.newPage();
  });
  afterAll(() => browser?.close());

  /** Its default export as `mount` of the page; imported by a text, since an `import()` here is compiled to another. */
  async function mounted(file: string): Promise<void> {
    const address = `data:text/javascript,${encodeURIComponent(readFileSync(join(folder, 'dist/client', file), 'utf8'))}`;
    await page.goto('about:blank');
    await page.addScriptTag({ type: 'module', content: `import mount from ${JSON.stringify(address)}; globalThis.mount = mount;` });
    await page.waitForFunction('globalThis.mount');
  }

  it('has a viewer that draws, and tells which row the largest value lies in', async () => {
    await mounted('profile.js');
    const { told, drawn } = await page.evaluate(() => {
      const root = document.body.appendChild(document.createElement('div'));
      const { mount } = globalThis as unknown as { mount: (root: HTMLElement) => { show(input: object): void } };
      mount(root).show({ data: Float32Array.of(0, 1, 2, 8, 4, 5), shape: [3, 2, 1], theme: 'light' });
      const canvas = root.querySelector('canvas')!;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return { told: root.querySelector('p')!.textContent, drawn: data.some((one) => one > 0) };
    });
    expect([told, drawn]).toEqual(['row 1: 2.00 to 8.00', true]);
  });

  it('has a control that shows its value, and sets another', async () => {
    await mounted('dial.js');
    await page.evaluate(() => {
      const own = globalThis as unknown as { mount: (root: HTMLElement, host: object) => { show(input: object): void }; changes: number[] };
      own.changes = [];
      own.mount(document.body, { change: (value: number) => own.changes.push(value) }).show({ value: 0.25, title: 'gain', help: null, theme: 'light' });
    });
    const slider = page.getByRole('slider', { name: 'gain' });
    expect(await slider.inputValue()).toBe('0.25');
    await slider.press('ArrowRight');
    expect(await page.evaluate(() => (globalThis as unknown as { changes: number[] }).changes)).toEqual([0.26]);
  });
});
