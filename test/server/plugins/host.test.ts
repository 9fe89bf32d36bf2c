import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { check } from '../../../server/compiler/check.ts';
import { checkWhole } from '../../../server/compiler/check-whole.ts';
import type { GraphDocument } from '../../../server/graph/document.ts';
import { migrateGraph } from '../../../server/graph/migrate.ts';
import { socketsOf } from '../../../server/graph/describe-node.ts';
import { builtinPacks } from '../../../server/plugins/builtin.ts';
import type { Limits } from '../../../server/plugins/host/messages.ts';
import { Plugins } from '../../../server/plugins/plugins.ts';
import { installFixtures } from '../../support/plugins.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder();
const opened: Plugins[] = [];
afterEach(() => Promise.all(opened.splice(0).map((one) => one.close())));

let homes = 0;
async function open(plugins: readonly string[], limits: Partial<Limits> = {}): Promise<Plugins> {
  const home = join(root, String(homes++));
  installFixtures(home, ...plugins);
  const one = await Plugins.open({ home, packs: builtinPacks, module: '', places: { home }, limits, onChange: () => {}, log: pino({ level: 'silent' }) });
  opened.push(one);
  return one;
}

/** Images of 16×16 px, and nodes that take them. */
function graphOf(nodes: Record<string, { type: string; version: number; params?: Record<string, unknown> }>): GraphDocument {
  return {
    stillroom: 1,
    name: 'Plugged',
    nodes: { dataset: { type: 'data/dataset', version: 1 }, decode: { type: 'data/resize-crop', version: builtinPacks[0]!.nodes.find(({ type }) => type === 'data/resize-crop')!.version, params: { resize: [16, 16], crop: [16, 16] } }, ...nodes },
    edges: [{ from: 'dataset.dataset', to: 'decode.dataset' }, ...Object.keys(nodes).map((id) => ({ from: 'decode.images', to: `${id}.images` }))],
  };
}

const tint = (params: Record<string, unknown>, version = 2) => ({ type: '@acme/tint/tint', version, params });
const bad = (how: string) => ({ type: 'misbehaves/node', version: 1, params: { how } });
const problemsOf = (document: GraphDocument, plugins: Plugins, node: string) => check(document, plugins.registry).problems.filter((problem) => problem.node === node);
const stateOf = (plugins: Plugins, name: string) => plugins.named(name);

async function until(is: () => boolean): Promise<void> {
  for (let i = 0; i < 400 && !is(); i++) await new Promise((resolve) => setTimeout(resolve, 25));
  expect(is()).toBe(true);
}

describe('Plugins', () => {
  it('has definitions that ask the code of a plugin and wait for it: shapes, costs, sockets, parameters, migrations', async () => {
    const plugins = await open(['tint']);
    const { registry } = plugins;
    expect(stateOf(plugins, '@acme/tint')).toMatchObject({ state: 'on', why: null });
    expect(registry.pluginOf('@acme/tint/tint')).toEqual({ name: '@acme/tint', version: '1.2.0' });
    expect(registry.pluginOf('data/dataset')).toBeUndefined();
    const { nodes } = check(graphOf({ tint: tint({ gain: 0.5 }) }), registry);
    expect(nodes.get('tint')).toMatchObject({ params: { gain: 0.5 }, outputs: { images: { type: 'images', shape: [16, 16, 3] } }, cost: { multiplyAdds: 768 } });
    expect(problemsOf(graphOf({ tint: tint({ gain: 5 }) }), plugins, 'tint')).toMatchObject([{ code: 'invalid-parameter', field: 'gain', message: 'expected at most 4, found 5' }]);
    expect(problemsOf(graphOf({ tint: tint({ gain: 'much' }) }), plugins, 'tint')).toMatchObject([{ message: 'expected a number, found "much"' }]);
    const copies = registry.get('@acme/tint/copies')!;
    expect(Object.keys(socketsOf(copies).outputs)).toEqual(['images1', 'images2']);
    expect(Object.keys(socketsOf(copies, { count: 3 }).outputs)).toEqual(['images1', 'images2', 'images3']);
    const { document, problems } = migrateGraph(graphOf({ tint: tint({ factor: 0.25 }, 1) }), registry);
    expect([document.nodes['tint'], problems]).toEqual([{ type: '@acme/tint/tint', version: 2, params: { gain: 0.25 } }, []]);
    expect(() => registry.get('@acme/tint/tint')!.build!({} as never, {})).toThrow('is of a process that has tensors');
  });

  it('checks again without asking what it has asked', async () => {
    const plugins = await open(['tint']);
    const document = graphOf(Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`tint${i}`, tint({ gain: i / 10 })])));
    check(document, plugins.registry);
    const begun = performance.now();
    for (let i = 0; i < 10; i++) expect(check(document, plugins.registry).nodes.size).toBe(22);
    expect((performance.now() - begun) / 10).toBeLessThan(50);
  });

  it.each([
    ['throws', 'throw', 'plugin-failed', 'expected infer of "misbehaves/node" to return, found that it failed: I never liked images'],
    ['would end the process', 'exit', 'plugin-failed', 'expected infer of "misbehaves/node" to return, found that it failed: it ended the process (process.exit)'],
    ['gives nonsense', 'nonsense', 'plugin-answer-invalid', 'expected infer of "misbehaves/node" to give what it promises; expected a list, found "large" at outputs › images › shape'],
    ['gives what is nothing', 'nothing', 'plugin-answer-invalid', 'expected infer of "misbehaves/node" to give what it promises; expected an object, found 7 at outputs'],
    ['gives a field that signals have not', 'more', 'plugin-answer-invalid', expect.stringMatching(/^expected infer of "misbehaves\/node" to give what it promises; .*"extra".* at outputs › images$/)],
    ['gives too much', 'vast', 'plugin-failed', 'expected infer of "misbehaves/node" to return, found that it failed: it gives 6 MB, where 4 MB is the most'],
  ])('tells of a node whose infer %s, and goes on', async (_, how, code, message) => {
    const plugins = await open(['tint', 'misbehaves']);
    const document = graphOf({ bad: bad(how), tint: tint({ gain: 1 }) });
    expect(problemsOf(document, plugins, 'bad')).toMatchObject([{ code, message, hint: expect.stringContaining('this is a defect of misbehaves: report it to its authors') as string }]);
    expect(problemsOf(document, plugins, 'tint')).toEqual([]);
    expect(stateOf(plugins, 'misbehaves').state).toBe('on');
    expect(problemsOf(graphOf({ bad: bad('well') }), plugins, 'bad')).toEqual([]);
  });

  it.each([
    ['loops for ever', 'loop', 'plugin-timeout', /^expected infer of "misbehaves\/node" to return within 0\.4 s, found that it did not: misbehaves is switched off$/],
    ['kills the process', 'die', 'plugin-process-ended', /^expected infer of "misbehaves\/node" to return, found that it ended the process of the plugins \(SIGKILL\): misbehaves is switched off$/],
    ['takes all the heap', 'devour', 'plugin-process-ended', /found that it ended the process of the plugins \(out of memory\): misbehaves is switched off$/],
  ])('switches off a plugin whose infer %s, in its name, and goes on with the others', async (_, how, code, message) => {
    const plugins = await open(['tint', 'misbehaves'], { call: how === 'devour' ? 20_000 : 400, memory: how === 'devour' ? 256 : 1024 });
    const document = graphOf({ bad: bad(how), tint: tint({ gain: 1 }) });
    expect(problemsOf(document, plugins, 'bad')).toMatchObject([{ code, message: expect.stringMatching(message) as string }]);
    await until(() => stateOf(plugins, 'misbehaves').state === 'off');
    expect(stateOf(plugins, 'misbehaves').why).toMatchObject({ code });
    // What was not asked before has to be asked now.
    const other = graphOf({ bad: bad('well'), tint: tint({ gain: 2 }) });
    expect(check(other, plugins.registry).nodes.get('tint')!.outputs['images']!.shape).toEqual([16, 16, 3]);
    expect(problemsOf(other, plugins, 'bad')).toMatchObject([{ code: 'unknown-node-type', hint: expect.stringMatching(/^the plugin "misbehaves" was switched off: expected infer/) as string }]);
    const again = await plugins.enable('misbehaves');
    expect(again.state).toBe('on');
    expect(problemsOf(other, plugins, 'bad')).toEqual([]);
  });

  it('keeps over a new start why a plugin was switched off', async () => {
    const plugins = await open(['misbehaves'], { call: 400 });
    checkWhole(check(graphOf({ bad: bad('loop') }), plugins.registry));
    await until(() => stateOf(plugins, 'misbehaves').state === 'off');
    await plugins.refresh();
    expect(stateOf(plugins, 'misbehaves')).toMatchObject({ state: 'off', why: { code: 'plugin-timeout' } });
  });

  it('switches off the plugin that takes most of the memory', async () => {
    const plugins = await open(['tint', 'misbehaves'], { memory: 600, call: 20_000 });
    expect(problemsOf(graphOf({ bad: bad('hoard') }), plugins, 'bad')).toEqual([]);
    await until(() => stateOf(plugins, 'misbehaves').state === 'off');
    expect(stateOf(plugins, 'misbehaves').why).toMatchObject({ code: 'plugin-memory', message: expect.stringMatching(/^expected plugins to take at most 600 MB, found \d+ MB, most of it taken by misbehaves/) as string });
    expect(stateOf(plugins, '@acme/tint').state).toBe('on');
  });

  it('does not take one plugin for another where code goes on after it has answered', async () => {
    const plugins = await open(['tint', 'misbehaves'], { call: 400 });
    expect(problemsOf(graphOf({ bad: bad('later') }), plugins, 'bad')).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(problemsOf(graphOf({ tint: tint({ gain: 3 }) }), plugins, 'tint')).toEqual([]);
    await until(() => stateOf(plugins, 'misbehaves').state === 'off');
    expect(stateOf(plugins, 'misbehaves').why!.message).toContain('expected nothing to go on after infer of "misbehaves/node"');
    expect(stateOf(plugins, '@acme/tint').state).toBe('on');
  });

  it('leaves out what cannot be loaded, or never ends to load, and says why', async () => {
    const plugins = await open(['loops-on-load', 'throws-on-load', 'foreign-type', 'same-weights', 'future-api', 'tint'], { load: 1500 });
    const states = Object.fromEntries(plugins.list().map(({ name, state, why }) => [name, [state, why?.code ?? null]]));
    expect(states).toEqual({
      '@acme/tint': ['on', null],
      'foreign-type': ['failed', 'plugin-foreign-type'],
      'future-api': ['failed', 'plugin-api-unfit'],
      'loops-on-load': ['failed', 'plugin-timeout'],
      'same-weights': ['failed', 'plugin-duplicate'],
      'throws-on-load': ['failed', 'plugin-load-failed'],
    });
    expect(stateOf(plugins, 'loops-on-load').why!.message).toBe('expected loops-on-load to load within 1.5 s, found that it did not');
    expect(plugins.source().plugins.map(({ name }) => name)).toEqual(['@acme/tint']);
  });

  it('is switched on and off by hand', async () => {
    const plugins = await open(['tint']);
    expect(await plugins.disable('@acme/tint')).toMatchObject({ state: 'off', why: null });
    expect(plugins.registry.get('@acme/tint/tint')).toBeUndefined();
    expect(plugins.registry.whyAbsent('@acme/tint/tint')).toBe('enable the plugin "@acme/tint", which is switched off');
    expect((await plugins.enable('@acme/tint')).state).toBe('on');
    await expect(plugins.enable('nobody')).rejects.toMatchObject({ code: 'no-plugin' });
  });
});
