import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile } from '../../../server/compiler/index.ts';
import { parseGraph } from '../../../server/graph/parse.ts';
import { createRegistry } from '../../../server/graph/registry.ts';
import { builtinPacks } from '../../../server/plugins/builtin.ts';
import { combinationOf } from '../../../server/why/combination.ts';
import { explainable, explainedBy, type Explained } from '../../../server/why/contributions.ts';

const { plan } = compile(parseGraph(readFileSync('graphs/dual-model.json', 'utf8')).document!, createRegistry(builtinPacks));
const explained = (name: string): Explained => explainedBy(plan, plan.predict.sinks.find((sink) => sink.name === name)!)!;
const nodes = ({ contributions }: Explained): string[] => contributions.map(({ map }) => map.node);

describe('what a result of the dual model is made of', () => {
  it('is, of a map, the layers whose maps are added', () => {
    const found = explained('localisation');
    expect(found.map).toEqual({ node: 'smooth-shallow', socket: 'map' });
    expect(found.contributions).toEqual([
      { map: { node: 'distance-layer1', socket: 'map' }, teacher: { node: 'pool-layer1', socket: 'features' }, student: { node: 'student-shallow', socket: 'layer1' } },
      { map: { node: 'distance-layer2', socket: 'map' }, teacher: { node: 'pool-layer2', socket: 'features' }, student: { node: 'student-shallow', socket: 'layer2' } },
    ]);
    expect(found.modules).toEqual([]);
  });

  it('is, of a score, what the map above it is made of: student and autoencoders as modules', () => {
    const found = explained('detection');
    expect(found.map.node).toBe('map-deep');
    expect(nodes(found)).toEqual(['distance-kd-stage5', 'distance-kd-stage7', 'distance-ae-stage5', 'distance-ae-stage7']);
    expect(found.contributions[2]).toMatchObject({ teacher: { node: 'teacher-deep', socket: 'stage5' }, student: { node: 'ae-stage5', socket: 'reconstruction' } });
    expect(found.modules).toEqual([
      { map: { node: 'map-kd', socket: 'map' }, of: [0, 1] },
      { map: { node: 'map-ae', socket: 'map' }, of: [2, 3] },
    ]);
  });

  it('is, of both models, all layers, with modules inside of one another', () => {
    const found = explained('product');
    expect(nodes(found)).toHaveLength(6);
    expect(found.modules.map(({ map, of }) => [map.node, of])).toEqual([
      ['map-deep', [0, 1, 2, 3]],
      ['map-kd', [0, 1]],
      ['map-ae', [2, 3]],
      ['smooth-shallow', [4, 5]],
    ]);
  });

  it('is put together by the nodes between layers and result alone', () => {
    const part = combinationOf(plan, explained('localisation'));
    expect(part.nodes.map(({ id }) => id).sort()).toEqual(['normalise-shallow', 'smooth-shallow', 'sum-shallow']);
    expect(part.inputs.map(({ node }) => node)).toEqual(['distance-layer1', 'distance-layer2']);
    expect(explainable(plan)).toHaveLength(plan.predict.sinks.length);
  });
});
