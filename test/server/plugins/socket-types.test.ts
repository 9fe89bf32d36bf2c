import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeSignal } from '../../../plugins/sdk/signal.ts';
import { builtinPacks } from '../../../server/plugins/builtin.ts';
import { packsOf } from '../../../server/plugins/pack-form.ts';
import { installFixtures } from '../../support/plugins.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { Caller } from '../api/caller.ts';

const home = join(temporaryFolder(), 'home');
let caller: Caller;

beforeAll(async () => {
  installFixtures(home, 'extras', 'loops-in-summary');
  caller = await Caller.start(home, { pluginLimits: { call: 400 } });
});
afterAll(() => caller.served.close());

const version = builtinPacks[0]!.nodes.find(({ type }) => type === 'data/resize-crop')!.version;
const graphOf = (channels: string) => ({
  stillroom: 1,
  name: 'Warm',
  nodes: {
    dataset: { type: 'data/dataset', version: 1 },
    decode: { type: 'data/resize-crop', version, params: { resize: [24, 24], crop: [16, 16] } },
    warm: { type: '@acme/extras/warm', version: 1, params: { channels } },
    cool: { type: '@acme/extras/cool', version: 1 },
  },
  edges: [{ from: 'dataset.dataset', to: 'decode.dataset' }, { from: 'decode.images', to: 'warm.images' }, { from: 'warm.heat', to: 'cool.heat' }],
});

interface CheckAnswer {
  problems: { code: string; node?: string; socket?: string; severity: string; message: string }[];
  edges: { from: string; type: string; shape: number[]; text: string }[];
}
const check = async (channels: string): Promise<CheckAnswer> => (await caller.call('POST', '/check', { document: graphOf(channels) })).body;
const captionOf = ({ edges }: CheckAnswer, output: string): string => edges.find(({ from }) => from === output)!.text;

describe('Socket types of a plugin', () => {
  it('are told of beside the built-in ones, in the same form', async () => {
    const { socketTypes } = (await caller.call('GET', '/nodes')).body as { socketTypes: { type: string }[] };
    expect(socketTypes.find(({ type }) => type === '@acme/extras/heat')).toEqual({ type: '@acme/extras/heat', title: 'heat', colour: { light: '#9a3412', dark: '#fdba74' }, mark: 'diamond', preview: 'map' });
    expect(socketTypes.map(({ type }) => type)).toContain('features');
  });

  it('caption edges with their own summary, and the others with shape and stride', async () => {
    const answer = await check('one');
    expect(captionOf(answer, 'warm.heat')).toBe('heat of 16 by 16');
    expect(captionOf(answer, 'decode.images')).toBe(describeSignal({ type: 'images', shape: [16, 16, 3] }));
    expect(answer.problems.filter(({ code }) => code === 'socket-summary-failed')).toEqual([]);
  });

  it('whose summary throws leave the shape, and are named with the output that it failed for', async () => {
    const answer = await check('two');
    expect(captionOf(answer, 'warm.heat')).toBe('16×16×2');
    expect(answer.problems.filter(({ code }) => code === 'socket-summary-failed')).toEqual([
      expect.objectContaining({ node: 'warm', socket: 'heat', severity: 'warning', message: expect.stringContaining('expected the summary of "@acme/extras/heat" to return, found that it failed: two channels are no heat') as string }),
    ]);
  });

  it('whose summary does not return have their plugin switched off, and the check is answered', async () => {
    const { nodes, edges } = graphOf('one');
    const document = {
      stillroom: 1,
      name: 'Odd',
      nodes: { dataset: nodes.dataset, decode: nodes.decode, give: { type: 'loops-in-summary/give', version: 1 }, take: { type: 'loops-in-summary/take', version: 1 } },
      edges: [edges[0]!, { from: 'decode.images', to: 'give.images' }, { from: 'give.odd', to: 'take.odd' }],
    };
    const answer = (await caller.call('POST', '/check', { document })).body as CheckAnswer;
    expect(captionOf(answer, 'give.odd')).toBe('16×16×3');
    expect(answer.problems.filter(({ code }) => code === 'socket-summary-failed')).toEqual([
      expect.objectContaining({ node: 'give', socket: 'odd', message: 'expected the summary of "loops-in-summary/odd" to return within 0.4 s, found that it did not: loops-in-summary is switched off' }),
    ]);
    const { plugins } = (await caller.call('GET', '/plugins')).body as { plugins: { name: string; state?: string }[] };
    expect(plugins.flatMap(({ name, state }) => (state ? [[name, state]] : []))).toEqual([['@acme/extras', 'on'], ['loops-in-summary', 'off']]);
    expect(captionOf(await check('one'), 'warm.heat')).toBe('heat of 16 by 16');
  });

  it('must be under the name of their plugin, in a colour', () => {
    const entry = { name: '@acme/other', version: '1.0.0', folder: '/plugin', modules: ['/plugin/index.js'] };
    const load = (socketType: object) => () => packsOf([{ pack: { name: 'other', nodes: [], socketTypes: [socketType] } }], entry);
    const good = { type: '@acme/other/heat', title: 'heat', colour: { light: '#9a3412', dark: '#fdba74' } };
    expect(load(good)()).toHaveLength(1);
    expect(load({ ...good, type: 'images' })).toThrow('expected socket types of @acme/other to be called "@acme/other/…", found "images"');
    expect(load({ ...good, colour: { light: 'red', dark: '#fdba74' } })).toThrow('expected a colour such as "#2f6fb7"');
    expect(load({ ...good, preview: 'smell' })).toThrow('expected image, map, features, histogram, number, none or a viewer');
  });
});
