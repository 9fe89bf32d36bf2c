import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { pino } from 'pino';
import { serve, type Served } from '../../server/api/serve.ts';
import type { GraphDocument } from '../../server/graph/document.ts';
import { chromiumPath, openPage, startBrowser, untilReady } from '../support/browser.ts';
import { describeWith, needs } from '../support/needs.ts';
import { ask } from '../support/served.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describeWith(needs.program(chromiumPath), 'the editor, in a browser', () => {
  const home = mkdtempSync(join(temporaryFolder(), 'home-'));
  let served: Served;
  let browser: Browser;
  let page: Page;
  let faults: string[];
  let id: string;
  let first: GraphDocument;

  const node = (name: string): Locator => page.locator(`[data-node-id="${name}"]`);
  const socket = (name: string, side: 'in' | 'out', of: string): Locator => node(name).locator(`[data-side=${side}][data-socket="${of}"] svg`);
  const graph = async (): Promise<GraphDocument> => {
    const { body } = await ask({ address: served.address, token: served.token! }, 'GET', `/graphs/${id}`);
    return (body as { document: GraphDocument }).document;
  };
  const edge = async (to: string): Promise<string | undefined> => (await graph()).edges.find((one) => one.to === to)?.from;
  const problems = (): Locator => page.locator('section[aria-label=Problems]');
  const inspector = (): Locator => page.locator('aside[aria-label=Inspector]');
  const saved = (): Promise<void> => page.getByText('Saved', { exact: true }).waitFor();
  const press = async (keys: string): Promise<void> => {
    await page.keyboard.press(keys);
    await page.waitForTimeout(120);
  };
  const middle = async (one: Locator): Promise<{ x: number; y: number }> => {
    const { x, y, width, height } = (await one.boundingBox())!;
    return { x: x + width / 2, y: y + height / 2 };
  };
  const drag = async (from: Locator, to: { x: number; y: number }): Promise<void> => {
    const start = await middle(from);
    await page.mouse.move(start.x, start.y);
    await page.mouse.down();
    await page.mouse.move((start.x + to.x) / 2, (start.y + to.y) / 2, { steps: 4 });
    await page.mouse.move(to.x, to.y, { steps: 4 });
    await page.mouse.up();
  };
  /** Selects nodes and brings them near. */
  const near = async (...names: string[]): Promise<void> => {
    await page.locator('.canvas').focus();
    await press('Escape');
    await press('f');
    for (const [i, name] of names.entries()) await node(name).locator('h3').click({ modifiers: i === 0 ? [] : ['Shift'] });
    await press('f');
    await page.waitForTimeout(300);
  };

  beforeAll(async () => {
    vi.stubEnv('STILLROOM_CACHE', join(home, 'cache'));
    served = await serve({ home, port: 0, host: '127.0.0.1', version: '1.2.3', provisionEngine: false, editor: true, log: pino({ level: 'silent' }) });
    const made = await ask({ address: served.address, token: served.token! }, 'POST', '/graphs', { template: 'dual-model' });
    id = (made.body as { id: string }).id;
    first = await graph();
    browser = await startBrowser();
    ({ page, faults } = await openPage(browser, served, `/graphs/${id}`));
    page.setDefaultTimeout(10_000);
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.waitForSelector('[data-node-id]');
    await page.getByRole('tab', { name: 'Problems' }).click();
    await problems().getByText('No problems').waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
    vi.unstubAllEnvs();
  });

  it('opens the dual model: every node, every wire, what flows on it, and all of it seen', async () => {
    const { nodes, edges } = await graph();
    expect(await page.locator('[data-node-id]').count()).toBe(Object.keys(nodes).length);
    expect(await page.locator('.wires path[data-edge]').count()).toBe(edges.length);
    await page.locator('.canvas').focus();
    await press('f');
    const canvas = (await page.locator('.canvas').boundingBox())!;
    for (const one of await page.locator('[data-node-id]').all()) {
      const box = (await one.boundingBox())!;
      expect(box.x >= canvas.x && box.y >= canvas.y && box.x + box.width <= canvas.x + canvas.width && box.y + box.height <= canvas.y + canvas.height).toBe(true);
    }
    await near('loss-student', 'teacher-deep');
    expect(await page.locator('.wires text', { hasText: '14×14×112 /16' }).count()).toBeGreaterThan(0);
    expect(await page.locator('.wires text').count()).toBe(edges.length);
  });

  it('tells what flows on the wire under the pointer, from afar too', async () => {
    await page.locator('.canvas').focus();
    await press('Escape');
    await press('f');
    const at = await page.locator('.wires path[data-edge="distance-layer1.student"]').evaluate((line: SVGPathElement) => {
      const middle = line.getPointAtLength(line.getTotalLength() / 2).matrixTransform(line.getScreenCTM()!);
      return { x: middle.x, y: middle.y };
    });
    await page.mouse.move(at.x, at.y);
    await page.locator('.flow').waitFor();
    expect(await page.locator('.flow').innerText()).toMatch(/^28×28×64 \/8 .*\nShallow student: layer1 → Map of layer 1: student$/);
    await page.mouse.move(2, 2);
    await page.locator('.flow').waitFor({ state: 'detached' });
  });

  it('takes a wire off an input, says what is then wrong, and mends it by one click', async () => {
    await near('distance-layer1', 'student-shallow');
    const at = await middle(socket('distance-layer1', 'in', 'student'));
    await drag(socket('distance-layer1', 'in', 'student'), { x: at.x - 90, y: at.y + 60 });
    await problems().getByText('1 error').waitFor();
    expect(await node('distance-layer1').getAttribute('data-problem')).toBe('error');
    await problems().getByRole('button', { name: 'Connect layer1 of “Shallow student”' }).click();
    await problems().getByText('No problems').waitFor();
    await saved();
    expect(await edge('distance-layer1.student')).toBe('student-shallow.layer1');
  });

  it('refuses a wire between types, and says why', async () => {
    await near('normalise', 'teacher-shallow');
    await drag(socket('teacher-shallow', 'out', 'layer1'), await middle(socket('normalise', 'in', 'images')));
    await page.locator('.reason', { hasText: 'This gives features; images is wanted there.' }).waitFor();
    expect(await edge('normalise.images')).toBe('resize-crop.images');
  });

  it('explains shapes that do not agree, from both sides, and what would do', async () => {
    await near('distance-layer1', 'student-shallow', 'pool-layer1');
    await drag(socket('student-shallow', 'out', 'layer2'), await middle(socket('distance-layer1', 'in', 'student')));
    const said = problems().locator('[data-code=shape-mismatch]');
    await said.waitFor();
    expect(await said.textContent()).toMatch(/expected 64 channels as on "teacher", found 128/);
    await said.getByRole('button', { name: 'Take layer1 of “Shallow student”' }).click();
    await problems().getByText('No problems').waitFor();
  });

  it('changes a parameter, merges what is typed into one step, and undoes and redoes all of it', async () => {
    await near('smooth-shallow');
    const sigma = inspector().locator('[data-param=sigma] input');
    await sigma.fill('6');
    await sigma.fill('6.5');
    await saved();
    expect((await graph()).nodes['smooth-shallow']!.params!['sigma']).toBe(6.5);
    await page.locator('.canvas').focus();
    await press('Control+z');
    await saved();
    expect((await graph()).nodes['smooth-shallow']!.params!['sigma']).toBe(4);
    await press('Control+Shift+z');
    await saved();
    expect((await graph()).nodes['smooth-shallow']!.params!['sigma']).toBe(6.5);
  });

  it('moves several nodes as one step, and back', async () => {
    const places = async (): Promise<unknown[]> => ['ae-stage5', 'ae-stage7'].map((name) => before.layout!.nodes![name]);
    const before = await graph();
    await near('ae-stage5', 'ae-stage7');
    const at = await middle(node('ae-stage5').locator('h3'));
    await drag(node('ae-stage5').locator('h3'), { x: at.x + 80, y: at.y + 40 });
    await saved();
    const after = (await graph()).layout!.nodes!;
    const by = (name: string): number[] => [after[name]!.x - before.layout!.nodes![name]!.x, after[name]!.y - before.layout!.nodes![name]!.y];
    expect(by('ae-stage5')[0]).toBeGreaterThan(0);
    expect(by('ae-stage7')).toEqual(by('ae-stage5'));
    await press('Control+z');
    await saved();
    const again = (await graph()).layout!.nodes!;
    expect(['ae-stage5', 'ae-stage7'].map((name) => again[name])).toEqual(await places());
  });

  it('finds a node by its name, wires it where a wire was dropped, and removes it again', async () => {
    const count = await page.locator('[data-node-id]').count();
    await near('smooth-shallow');
    const at = await middle(node('smooth-shallow'));
    await drag(socket('smooth-shallow', 'out', 'map'), { x: at.x + 200, y: at.y + 100 });
    const search = page.getByRole('dialog', { name: 'Add a node' });
    await search.waitFor();
    expect(await search.getByRole('option').allTextContents()).not.toContain(expect.stringContaining('Dataset'));
    await search.getByRole('combobox').fill('maximum');
    await page.keyboard.press('Enter');
    await saved();
    expect(await edge('maximum.map')).toBe('smooth-shallow.map');
    expect(await page.locator('[data-node-id]').count()).toBe(count + 1);
    await page.locator('.canvas').focus();
    await press('Delete');
    await saved();
    expect((await graph()).nodes['maximum']).toBeUndefined();
  });

  it('swaps a backbone in two clicks and keeps the wires that fit', async () => {
    await near('teacher-deep');
    await inspector().getByRole('button', { name: 'Replace…' }).click();
    await page.getByRole('option', { name: 'EfficientNet-Lite0 teacher' }).click();
    await expect.poll(async () => (await graph()).nodes['teacher-deep']!.type).toBe('teacher/efficientnet-lite0');
    const { edges } = await graph();
    expect(edges.filter(({ from }) => from.startsWith('teacher-deep.'))).toHaveLength(10);
    await page.locator('.canvas').focus();
    await press('Control+z');
    await saved();
    expect((await graph()).nodes['teacher-deep']!.type).toBe('teacher/efficientnet-b0');
  });

  it('offers the student that matches a backbone of other widths, tried beforehand', async () => {
    await near('teacher-deep');
    await inspector().getByRole('button', { name: 'Replace…' }).click();
    await page.getByRole('option', { name: 'ResNet18 teacher' }).click();
    // Four of shapes, and one of the weights that come with Stillroom, which do not reach so deep.
    await problems().getByText('5 errors').waitFor();
    await problems().getByRole('button', { name: 'Replace “Deep student” by “ResNet18 mirror student”' }).first().click();
    await problems().getByText('1 error,').waitFor();
    await problems().getByRole('button', { name: 'Use resnet18.torchvision' }).click();
    await problems().getByText('No problems').waitFor();
    for (let i = 0; i < 3; i++) {
      await page.locator('.canvas').focus();
      await press('Control+z');
    }
    await saved();
    expect((await graph()).nodes['student-deep']!.type).toBe('student/residual');
  });

  it('writes into a new note at once, and again beside the canvas', async () => {
    await page.locator('.canvas').focus();
    await press('Escape');
    await press('n');
    await page.keyboard.type('Heat must not hide shapes');
    await press('Escape');
    await saved();
    const notes = async (): Promise<string[]> => (await graph()).layout!.notes!.map(({ text }) => text);
    expect(await notes()).toContain('Heat must not hide shapes');
    await inspector().getByLabel('Text').fill('Anew');
    await inspector().getByLabel('Text').press('Tab');
    await expect.poll(notes).toContain('Anew');
    await inspector().getByRole('button', { name: 'Remove' }).click();
    await expect.poll(notes).not.toContain('Anew');
  });

  it('names and colours a frame beside the canvas', async () => {
    await page.locator('.canvas').focus();
    await press('Escape');
    await press('f');
    await page.locator('.frame h2').first().click();
    await inspector().getByLabel('Title').fill('Pictures');
    await inspector().getByLabel('Title').press('Enter');
    await inspector().getByLabel('Colour').fill('#aa3300');
    await expect.poll(async () => (await graph()).layout!.frames!.some(({ title, colour }) => title === 'Pictures' && colour === '#aa3300')).toBe(true);
    await inspector().getByRole('button', { name: 'No colour' }).click();
    await page.locator('.canvas').focus();
    for (let i = 0; i < 3; i++) await press('Control+z');
    await expect.poll(async () => (await graph()).layout!.frames!.some(({ title, colour }) => title === 'Pictures' || colour !== undefined)).toBe(false);
  });

  it('goes on to the next control by Tab for who came by keys, and searches by Tab for who clicked', async () => {
    const isSearching = (): Promise<number> => page.getByRole('dialog', { name: 'Add a node' }).count();
    await page.locator('input[aria-label="Name of the graph"]').focus();
    for (let i = 0; i < 40 && !(await page.locator('.canvas:focus').count()); i++) await press('Tab');
    await press('Tab');
    expect(await page.locator('.canvas:focus').count()).toBe(0);
    expect(await isSearching()).toBe(0);
    await page.locator('.canvas').click({ position: { x: 20, y: 20 } });
    await press('Tab');
    expect(await isSearching()).toBe(1);
    await press('Escape');
    await page.locator('.canvas').focus();
    await press('Shift+A');
    expect(await isSearching()).toBe(1);
    await press('Escape');
  });

  it('gives a panel the place of the canvas, by key and by button, and back', async () => {
    const height = async (): Promise<number> => (await page.getByRole('tabpanel').boundingBox())!.height;
    const before = await height();
    await page.locator('.canvas').click({ position: { x: 20, y: 20 } });
    await press('e');
    expect(await height()).toBeGreaterThan(700);
    await page.getByRole('tabpanel').focus();
    await press('Escape');
    expect(await height()).toBe(before);
    await page.getByRole('button', { name: 'Enlarge the panels' }).click();
    expect(await height()).toBeGreaterThan(700);
    await press('e');
    expect(await height()).toBe(before);
  });

  it('goes back to an earlier state as one edit, which is taken back like any other', async () => {
    // An edge that was taken off and put back comes last.
    const inOrder = (document: GraphDocument): GraphDocument => ({ ...document, edges: [...document.edges].sort((a, b) => (a.to < b.to ? -1 : 1)) });
    const now = await graph();
    await page.getByRole('tab', { name: 'History' }).click();
    await page.locator('[data-revision="1"]').getByRole('button', { name: 'Go back to this' }).click();
    await vi.waitFor(async () => expect(inOrder(await graph())).toEqual(inOrder(first)), { timeout: 10_000 });
    await page.locator('.canvas').focus();
    await press('Control+z');
    await vi.waitFor(async () => expect(inOrder(await graph())).toEqual(inOrder(now)), { timeout: 10_000 });
    await page.getByRole('tab', { name: 'Problems' }).click();
  });

  it('finds everything again when it is loaded anew', async () => {
    const before = await graph();
    await page.reload();
    await untilReady(page);
    await page.waitForSelector('[data-node-id]');
    await page.getByRole('tab', { name: 'Problems' }).click();
    await problems().getByText('No problems').waitFor();
    expect(await page.locator('[data-node-id]').count()).toBe(Object.keys(before.nodes).length);
    await near('smooth-shallow');
    expect(await inspector().locator('[data-param=sigma] input').inputValue()).toBe('6.5');
    expect(await graph()).toEqual(before);
    expect(faults).toEqual([]);
  });
});
