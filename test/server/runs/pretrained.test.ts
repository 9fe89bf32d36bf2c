import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { compile } from '../../../server/compiler/index.ts';
import type { PlanNode } from '../../../server/compiler/plan.ts';
import { sha256OfFile } from '../../../server/engine/sha256.ts';
import { drawWeight } from '../../../server/runtime/weight-values.ts';
import { loadPretrained } from '../../../server/runs/pretrained.ts';
import { openWeightsRegistry, type WeightsRegistry } from '../../../server/weights/registry.ts';
import { writeSafetensors } from '../../../server/weights/safetensors.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { distilGraph, trialPacks, trialRegistry } from '../runtime/trial-graphs.ts';
import { trialNet } from '../runtime/trial-pack.ts';

const folder = temporaryFolder();
const file = join(folder, 'trial.safetensors');
const specs = trialNet.architecture.weights();

/** As files of PyTorch have them: kernels out, in, height, width. */
function fileShape(shape: readonly number[]): number[] {
  const [h, w, i, o] = shape as [number, number, number, number];
  return shape.length === 4 ? [o, i, h, w] : [...shape];
}

const inFile = (name: string): Float32Array => drawWeight({ ...specs.find((spec) => spec.name === name)!, init: { kind: 'normal', deviation: 1 } }, 7, name);

/** The nodes of a graph with two teachers of one architecture; the first gives both layers, the second one. */
function twoTeachers(weights: [string, string] = ['', '']): Iterable<PlanNode> {
  const graph = distilGraph({ teacher: 'trial/pretrained' });
  const teacher = (stages: string[], named: string) => ({ type: 'trial/pretrained', version: 1, params: { stages, weights: named } });
  const nodes = { ...graph.nodes, teacher: teacher(['layer1', 'layer2'], weights[0]), second: teacher(['layer1'], weights[1]) };
  const edges = graph.edges.map((edge) => (edge.from === 'teacher.layer1' ? { ...edge, from: 'second.layer1' } : edge));
  return compile({ ...graph, nodes, edges: [...edges, { from: 'before-teacher.images', to: 'second.images' }] }, trialRegistry).plan.nodes.values();
}

describe('pretrained weights', () => {
  let registry: WeightsRegistry;
  beforeAll(async () => {
    vi.stubEnv('STILLROOM_HOME', join(folder, 'home'));
    vi.stubEnv('STILLROOM_CACHE', join(folder, 'cache'));
    registry = await openWeightsRegistry(trialPacks);
    await writeSafetensors(file, new Map(specs.map(({ name, shape }) => [name, { shape: fileShape(shape), data: inFile(name) }])));
  });
  afterAll(() => vi.unstubAllEnvs());
  const load = (nodes: Iterable<PlanNode>, overrides: Record<string, string>) => loadPretrained(nodes, registry, overrides, { offline: true });

  it('fill every teacher of their architecture, each with what it declares', async () => {
    const { values, used } = await load(twoTeachers(), { 'trial-net': file });
    const parts = ['bias', 'running_mean', 'running_var', 'weight'];
    const layer = (k: number): string[] => [...parts.map((part) => `bn${k}.${part}`), `conv${k}.weight`];
    expect(Object.keys(values).sort()).toEqual(
      [...layer(1).map((name) => `second/${name}`), ...[...layer(1), ...layer(2)].map((name) => `teacher/${name}`)].sort(),
    );
    for (const name of ['bn1.running_var', 'bn2.weight']) expect(values[`teacher/${name}`]!.data).toEqual(inFile(name));
    expect(values['second/conv1.weight']).toEqual(values['teacher/conv1.weight']);
    const kernel = values['teacher/conv2.weight']!;
    expect(kernel.shape).toEqual([3, 3, 4, 6]);
    // From [out, in, height, width] to [height, width, in, out].
    const at = (h: number, w: number, i: number, o: number): number => kernel.data[((h * 3 + w) * 4 + i) * 6 + o]!;
    const original = inFile('conv2.weight');
    for (const [h, w, i, o] of [[0, 0, 0, 0], [2, 1, 3, 5], [1, 2, 0, 4]] as const) expect(at(h, w, i, o)).toBe(original[((o * 4 + i) * 3 + h) * 3 + w]);
    const described = { architecture: 'trial-net', name: 'trial.safetensors', sha256: await sha256OfFile(file), licence: 'unknown', caution: null };
    const byNode = [...used].sort((a, b) => (a.node < b.node ? -1 : 1));
    expect(byNode).toEqual([{ node: 'second', ...described }, { node: 'teacher', ...described }]);
  });

  it('may be others for each teacher, where the graph names them', async () => {
    const other = join(folder, 'other.safetensors');
    await writeSafetensors(other, new Map(specs.map(({ name, shape }) => [name, { shape: fileShape(shape), data: inFile(name).map((v) => v + 1) }])));
    const { values, used } = await load(twoTeachers([file, other]), {});
    expect(values['teacher/bn1.bias']!.data).toEqual(inFile('bn1.bias'));
    expect(values['second/bn1.bias']!.data).toEqual(inFile('bn1.bias').map((v) => v + 1));
    expect(new Set(used.map(({ name }) => name))).toEqual(new Set(['trial.safetensors', 'other.safetensors']));
  });

  it('named on the command line go before those that the graph names', async () => {
    const copy = join(folder, 'copy.safetensors');
    copyFileSync(file, copy);
    const { used } = await load(twoTeachers([file, file]), { 'trial-net': copy });
    expect(used.map(({ name }) => name)).toEqual(['copy.safetensors', 'copy.safetensors']);
  });

  it('named for an architecture that the graph does not have are refused, saying which it has', async () => {
    await expect(load(twoTeachers(), { 'trial-net': file, resnet18: file })).rejects.toMatchObject({
      code: 'weights-unused',
      message: 'expected a network of the graph for weights of resnet18, found none',
      hint: 'the graph uses trial-net',
    });
    const none = compile(distilGraph(), trialRegistry).plan.nodes.values();
    await expect(load(none, { resnet18: file })).rejects.toMatchObject({
      code: 'weights-unused',
      hint: 'the graph uses no pretrained network',
    });
  });

  it('are none where no network wants any', async () => {
    expect(await load(compile(distilGraph(), trialRegistry).plan.nodes.values(), {})).toEqual({ values: {}, used: [] });
  });

  it('that cannot be had name the teacher that wants them', async () => {
    await expect(load(twoTeachers(), {})).rejects.toMatchObject({ code: 'unknown-weights', place: { node: expect.stringMatching(/^(teacher|second)$/) } });
    const damaged = join(folder, 'damaged.safetensors');
    writeFileSync(damaged, 'none');
    const failing = load(twoTeachers([file, damaged]), {});
    await expect(failing).rejects.toMatchObject({ place: { node: 'second', file: damaged } });
    const short = join(folder, 'short.safetensors');
    await writeSafetensors(short, new Map(specs.slice(0, 5).map(({ name, shape }) => [name, { shape: fileShape(shape), data: inFile(name) }])));
    await expect(load(twoTeachers([short, file]), {})).rejects.toMatchObject({ code: 'weights-missing', place: { node: 'teacher', file: short } });
    // The second teacher needs the first layer only, which that file has.
    expect((await load(twoTeachers([file, short]), {})).used).toHaveLength(2);
  });
});
