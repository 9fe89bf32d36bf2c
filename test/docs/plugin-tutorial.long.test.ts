import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { cacheDirectory } from '../../server/home.ts';
import { chromiumPath, openPage, startBrowser } from '../support/browser.ts';
import { describeWith, needs } from '../support/needs.ts';
import { ask } from '../support/served.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { linkTools } from '../support/third-party.ts';

const repository = new URL('../../', import.meta.url).pathname;
const text = readFileSync(join(repository, 'docs/plugin-tutorial.md'), 'utf8');
const blocks = (language: string): string[] => [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map(([, body]) => body!);
const [begin, start, give] = blocks('sh').map((block) => block.trim().split('\n')) as [string[], string[], string[]];
/** Each a line of `src/top-hat.ts`, or its beginning, before and after. */
const changes = blocks('diff').map((block) => [...block.matchAll(/^[-+](.*)$/gm)].map(([, line]) => line!) as [string, string]);

describeWith(needs.program(chromiumPath), 'docs/plugin-tutorial.md', () => {
  const root = temporaryFolder();
  const folder = join(root, 'stillroom-hot-spots');
  const source = join(folder, 'src/top-hat.ts');
  const type = 'stillroom-hot-spots/top-hat';
  const env: NodeJS.ProcessEnv = { ...process.env, STILLROOM_HOME: join(root, 'home'), STILLROOM_CACHE: join(root, 'cache'), npm_config_cache: join(root, 'npm'), NODE_TEST_CONTEXT: undefined };
  let workbench: ChildProcess;
  let served: { address: string; token: string; plugin: { nodes: string[] } };
  let browser: Browser;
  let page: Page;
  let faults: string[];
  let terminal = '';

  const sh = async (command: string, cwd: string): Promise<string> => (await promisify(execFile)('sh', ['-c', command], { cwd, env })).stdout;
  const edit = ([before, after]: [string, string]): void => {
    const now = readFileSync(source, 'utf8');
    expect(now).toContain(before);
    writeFileSync(source, now.replace(before, after));
  };
  const node = () => page.locator(`[data-node-type="${type}"]`);

  beforeAll(() => {
    mkdirSync(join(root, 'cache'), { recursive: true });
    symlinkSync(join(cacheDirectory(), 'engine'), join(root, 'cache/engine'));
  });
  afterAll(async () => {
    await browser?.close();
    if (workbench?.exitCode === null) workbench.kill('SIGTERM');
  });

  it('begins a plugin whose tests pass', async () => {
    const [create, enter, install, test, ...others] = begin;
    expect([enter, install, others]).toEqual(['cd stillroom-hot-spots', 'npm install', []]);
    // The package of this checkout, as `npm create` runs one of the registry.
    await sh(create!.replace('npm create stillroom-plugin', `npm exec --yes --offline --package=${join(repository, 'server/plugins/create')} -- create-stillroom-plugin`), root);
    expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).toMatchObject({ name: 'stillroom-hot-spots' });
    linkTools(folder);
    expect(await sh(test!, folder)).toMatch(/^# fail 0$/m);
  }, 240_000);

  it('starts the workbench with it', async () => {
    expect(start).toEqual(['npm start']);
    workbench = spawn('npm', ['start', '--silent', '--', '--port', '0', '--json'], { cwd: folder, env, detached: true });
    workbench.stderr!.setEncoding('utf8').on('data', (more: string) => (terminal += more));
    served = await new Promise((resolve, reject) => {
      let out = '';
      workbench.stdout!.setEncoding('utf8').on('data', (more: string) => {
        out += more;
        if (out.endsWith('}\n')) resolve(JSON.parse(out) as typeof served);
      });
      workbench.once('exit', () => reject(new Error(`it ended: ${out}${terminal}`)));
    });
    expect(served.plugin).toMatchObject({ name: 'stillroom-hot-spots', state: 'on', nodes: [type], problem: null });
  }, 120_000);

  it('puts the node onto a wire of a graph in the editor', async () => {
    const made = await ask(served, 'POST', '/graphs', { template: 'shallow' });
    browser = await startBrowser();
    ({ page, faults } = await openPage(browser, served, `/graphs/${(made.body as { id: string }).id}`));
    page.setDefaultTimeout(20_000);
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.waitForSelector('[data-node-id=localisation]');
    await page.locator('.canvas').focus();
    await page.keyboard.press('f');
    await page.waitForTimeout(400);
    const at = await page.locator('.wires path[data-edge="localisation.map"]').evaluate((line: SVGPathElement) => {
      const { x, y } = line.getPointAtLength(line.getTotalLength() / 2).matrixTransform(line.getScreenCTM()!);
      return { x, y };
    });
    await page.mouse.click(at.x, at.y);
    await page.keyboard.press('Shift+A');
    await page.getByRole('combobox', { name: 'Search nodes' }).fill('small peaks');
    await page.keyboard.press('Enter');
    await node().locator('h3', { hasText: 'Small peaks' }).waitFor();
    await page.getByText('Saved', { exact: true }).waitFor();
    const { body } = await ask(served, 'GET', `/graphs/${(made.body as { id: string }).id}`);
    const { nodes, edges, requires } = (body as { document: { nodes: Record<string, { type: string }>; edges: { from: string; to: string }[]; requires: object } }).document;
    const [id] = Object.entries(nodes).find(([, one]) => one.type === type)!;
    expect(edges).toEqual(expect.arrayContaining([{ from: 'smooth-shallow.map', to: `${id}.map` }, { from: `${id}.map`, to: 'localisation.map' }]));
    expect(requires).toEqual({ 'stillroom-hot-spots': '0.1.0' });
  }, 240_000);

  it('shows what is changed in the source in the graph that is open', async () => {
    // The page is the same one all the time.
    await page.evaluate(() => void Object.assign(window, { isSame: true }));
    edit(changes[0]!);
    await node().locator('h3', { hasText: 'Hot spots' }).waitFor();
    edit(changes[1]!);
    await vi.waitUntil(async () => (await page.getByLabel('window (px)').inputValue()) === '33', { timeout: 20_000 });
    edit(changes[2]!);
    await page.locator(`[data-node-type="${type}"][data-problem=error]`).waitFor();
    await page.getByRole('tab', { name: 'Problems' }).click();
    const line = readFileSync(source, 'utf8').split('\n').findIndex((one) => one.includes(changes[2]![1])) + 1;
    await page.locator('section[aria-label=Problems] li[data-code=plugin-failed]', { hasText: `src/top-hat.ts:${line}:` }).waitFor();
    const [before, after] = changes[2]!;
    edit([after, before]);
    await page.locator(`[data-node-type="${type}"]:not([data-problem=error])`).waitFor();
    expect(await page.evaluate(() => (window as unknown as { isSame?: boolean }).isSame)).toBe(true);
  }, 180_000);

  it('keeps what worked while code does not load, and says so in the editor and the terminal', async () => {
    const now = readFileSync(source, 'utf8');
    writeFileSync(source, `${now}\nthrow new Error('half done');\n`);
    const told = page.locator('[data-worked="stillroom-hot-spots"][data-works=false]');
    await told.waitFor();
    expect(await told.innerText()).toMatch(/found that its code failed: half done\s+.*src\/top-hat\.ts:\d+:7/);
    expect(await node().locator('h3').innerText()).toBe('Hot spots');
    expect(terminal).toMatch(/error: .*src\/top-hat\.ts:\d+:7: expected stillroom-hot-spots 0\.1\.0 to load, found that its code failed: half done/);
    writeFileSync(source, now);
    await page.locator('[data-worked="stillroom-hot-spots"][data-works=true]').waitFor();
    expect(faults).toEqual([]);
  }, 120_000);

  it('draws a node that went missing as a placeholder, and the node again when it is back', async () => {
    const index = join(folder, 'src/index.ts');
    const now = readFileSync(index, 'utf8');
    writeFileSync(index, now.replace('nodes: [topHat]', 'nodes: []').replace("import { topHat } from './top-hat.ts';\n", ''));
    await node().locator('h3', { hasText: 'top-hat' }).waitFor();
    await page.locator('section[aria-label="Missing plugin"]').waitFor();
    writeFileSync(index, now);
    await node().locator('h3', { hasText: 'Hot spots' }).waitFor();
  }, 120_000);

  it('ends what builds with the workbench, and gives the plugin to others', async () => {
    const { pid } = workbench;
    const ended = new Promise((resolve) => workbench.once('exit', resolve));
    process.kill(-pid!, 'SIGINT');
    await ended;
    await vi.waitUntil(async () => !(await sh('ps -eo args', root)).includes(join(folder, 'node_modules/.bin/tsc')), { timeout: 10_000 });
    for (const command of give.slice(0, -1)) await sh(command, folder);
    expect(await sh(give.at(-1)!, folder)).toMatch(/stillroom-hot-spots +0\.1\.0 +on +home/);
  }, 240_000);
});
