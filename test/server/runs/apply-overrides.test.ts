import { describe, expect, it } from 'vitest';
import { compile } from '../../../server/compiler/index.ts';
import { applySettings, parseSetting, withEpochs } from '../../../server/runs/apply-overrides.ts';
import { distilGraph, trialRegistry } from '../runtime/trial-graphs.ts';

describe('a setting of the command line', () => {
  it.each<[string, ReturnType<typeof parseSetting>]>([
    ['fit.learningRate=0.001', { node: 'fit', param: 'learningRate', value: 0.001 }],
    ['fit.keep=last', { node: 'fit', param: 'keep', value: 'last' }],
    ['fit.keep="last"', { node: 'fit', param: 'keep', value: 'last' }],
    ['decode.crop=[64, 32]', { node: 'decode', param: 'crop', value: [64, 32] }],
    ['a.b=true', { node: 'a', param: 'b', value: true }],
    ['dataset.path=/data/x=y', { node: 'dataset', param: 'path', value: '/data/x=y' }],
    ['dataset.path=', { node: 'dataset', param: 'path', value: '' }],
    ['deep.fit.epochs=3', { node: 'deep', param: 'fit.epochs', value: 3 }],
    ['note.text=one\ntwo', { node: 'note', param: 'text', value: 'one\ntwo' }],
  ])('%s', (text, expected) => {
    expect(parseSetting(text)).toEqual(expected);
  });

  it.each(['', 'fit', 'fit.epochs', 'fit=3', '.epochs=3', 'fit.=3', '=3'])('that is none: "%s"', (text) => {
    expect(() => parseSetting(text)).toThrow(
      expect.objectContaining({
        code: 'bad-setting',
        message: `expected node.param=value, found "${text}"`,
        hint: 'for example --set fit-student.learningRate=0.001',
      }),
    );
  });
});

describe('settings on a document', () => {
  const graph = distilGraph();
  const set = (node: string, param: string, value: unknown) => applySettings(graph, [{ node, param, value }], trialRegistry);

  it('change that parameter alone, and not the document given', () => {
    const before = structuredClone(graph);
    const changed = set('fit1', 'epochs', 7);
    expect(changed.nodes['fit1']!.params).toEqual({ ...graph.nodes['fit1']!.params, epochs: 7 });
    expect({ ...changed, nodes: { ...changed.nodes, fit1: graph.nodes['fit1'] } }).toEqual(graph);
    expect(graph).toEqual(before);
  });

  it('set parameters that the document left at their defaults; the last of several holds', () => {
    const changed = applySettings(
      graph,
      [
        { node: 'maximum', param: 'method', value: 'max' },
        { node: 'maximum', param: 'method', value: 'mean-top' },
      ],
      trialRegistry,
    );
    expect(changed.nodes['maximum']!.params).toEqual({ method: 'mean-top' });
  });

  it.each([
    ['fit3', /^did you mean "fit1"\? the graph has .*fit1, fit2/],
    ['constructor', /^the graph has .*fit1, fit2/],
  ])('for the node "%s" that is not there name the nearest and those that are', (node, hint) => {
    expect(() => set(node, 'epochs', 7)).toThrow(
      expect.objectContaining({ code: 'unknown-node', place: { node }, hint: expect.stringMatching(hint) }),
    );
  });

  it.each([
    ['epoch', /^did you mean "epochs"\? it has epochs, batch/],
    ['constructor', /^it has epochs, batch/],
  ])('for the parameter "%s" that its type does not know name the nearest and those that it does', (param, hint) => {
    expect(() => set('fit1', param, 7)).toThrow(
      expect.objectContaining({ code: 'unknown-parameter', place: { node: 'fit1', field: param }, hint: expect.stringMatching(hint) }),
    );
  });

  it('for a type without parameters say so', () => {
    expect(() => set('teacher', 'weights', 'x')).toThrow(expect.objectContaining({ hint: 'it has none' }));
  });

  it('of a wrong value are refused, located, when the document is compiled', () => {
    expect(() => compile(set('fit1', 'epochs', 'many'), trialRegistry)).toThrow(
      expect.objectContaining({ place: expect.objectContaining({ node: 'fit1', field: 'epochs' }) }),
    );
  });

  it('of an inner node of a sub-graph go to its instance, where compiling checks them', () => {
    const nested = {
      ...graph,
      subgraphs: { part: { nodes: {}, edges: [], inputs: {}, outputs: {} } },
      nodes: { ...graph.nodes, part: { type: 'subgraph', of: 'part' } },
    };
    const changed = applySettings(nested, [{ node: 'part', param: 'fit.epochs', value: 3 }], trialRegistry);
    expect(changed.nodes['part']!.params).toEqual({ 'fit.epochs': 3 });
    expect(() => compile(changed, trialRegistry)).toThrow(expect.objectContaining({ place: expect.objectContaining({ node: 'part' }) }));
  });
});

describe('epochs of the command line', () => {
  const { plan } = compile(distilGraph(), trialRegistry);

  it('hold for every fit, and leave the rest', () => {
    const changed = withEpochs(plan, 50);
    expect(changed.fits.map(({ settings }) => settings.epochs)).toEqual([50, 50]);
    expect(changed.fits.map(({ settings }) => ({ ...settings, epochs: 3 }))).toEqual(plan.fits.map(({ settings }) => settings));
    expect(plan.fits[0]!.settings.epochs).toBe(3);
  });

  it('are the graph’s own where none are given', () => {
    expect(withEpochs(plan, null)).toBe(plan);
  });
});
