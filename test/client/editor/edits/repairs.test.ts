import { describe, expect, it } from 'vitest';
import { repairsOf, type Repair, type Scene } from '../../../../client/editor/edits/repairs.ts';
import type { Check, NodeType } from '../../../../client/state/types.ts';
import { builtinPacks } from '../../../../server/plugins/builtin.ts';
import { check } from '../../../../server/compiler/check.ts';
import { checkWhole } from '../../../../server/compiler/check-whole.ts';
import { describeNode } from '../../../../server/graph/describe-node.ts';
import type { GraphDocument } from '../../../../server/graph/document.ts';
import { Edits } from '../../../../server/graph/commands.ts';
import { applyPatch, type Patch } from '../../../../server/graph/patch.ts';
import { createRegistry } from '../../../../server/graph/registry.ts';
import { socketsIn } from '../../../../server/graph/sockets-in.ts';
import { readTemplates } from '../../../../server/documents/templates.ts';

const registry = createRegistry(builtinPacks);
const types: NodeType[] = registry.definitions.map((definition) => ({ ...describeNode(definition), pack: '', movingSockets: false }));
const { document: dual } = (await readTemplates()).find(({ id }) => id === 'dual-model')!;

/** What the server says of a document, as far as repairs look at it. */
function sceneOf(document: GraphDocument): Scene & { problems: Check['problems'] } {
  const checked = check(document, registry);
  const { problems } = checkWhole(checked);
  const nodes = Object.fromEntries([...checked.nodes].map(([id, { outputs }]) => [id, { outputs }]));
  const sockets = socketsIn(document, registry);
  return { document, level: [], prefix: '', types, problems, check: { nodes, problems } as unknown as Check, socketsOf: (node) => sockets[node] };
}

/** The repairs of the first problem after an edit, each with whether the graph is sound with it. */
function repaired(edit: (edits: Edits, document: GraphDocument) => Patch, code: string): (Repair & { mends: boolean })[] {
  const broken = applyPatch(dual, edit(new Edits(dual), dual));
  const scene = sceneOf(broken);
  const problem = scene.problems.find((one) => one.code === code)!;
  expect(problem, scene.problems.map((one) => one.code).join()).toBeDefined();
  return repairsOf(problem, scene).map((repair) => ({ ...repair, mends: sceneOf(applyPatch(broken, repair.patch)).problems.length === 0 }));
}

describe('repairs of the dual model', () => {
  it('of an input without a wire: an output that would do', () => {
    const repairs = repaired((edits) => edits.disconnect('smooth-shallow.map'), 'missing-input');
    expect(repairs[0]).toMatchObject({ label: 'Connect map of “Scale by validation maps”', mends: true });
  });

  it('of an input without a wire: only what has the shape of what it is held against, and nothing that the node gets already', () => {
    const repairs = repaired((edits) => edits.disconnect('distance-layer1.teacher'), 'missing-input');
    expect(repairs[0]).toMatchObject({ label: 'Connect features of “Pool layer 1”', mends: true });
    const taken = dual.edges.find(({ to }) => to === 'distance-layer1.student')!.from;
    const { nodes } = sceneOf(dual).check;
    const shapeOf = (end: string) => nodes[end.split('.')[0]!]!.outputs[end.split('.')[1]!]!.shape;
    for (const { label, patch } of repairs) {
      const from = applyPatch(applyPatch(dual, new Edits(dual).disconnect('distance-layer1.teacher')), patch).edges.find(({ to }) => to === 'distance-layer1.teacher')!.from;
      expect(from, label).not.toBe(taken);
      expect(shapeOf(from), label).toEqual(shapeOf(taken));
    }
    const numbered = repaired((edits) => edits.disconnect('loss-shallow.teacher2'), 'missing-input');
    expect(numbered[0]).toMatchObject({ label: 'Connect features of “Pool layer 2”', mends: true });
  });

  it('of an input without a wire: nothing while the shape of what it is held against is unknown', () => {
    const repairs = repaired((edits) => [...edits.disconnect('ae-stage7.features'), ...edits.disconnect('distance-ae-stage7.teacher')], 'missing-input');
    expect(repairs.length).toBeGreaterThan(0);
    const broken = applyPatch(dual, [...new Edits(dual).disconnect('ae-stage7.features'), ...new Edits(dual).disconnect('distance-ae-stage7.teacher')]);
    const scene = sceneOf(broken);
    expect(repairsOf(scene.problems.find(({ node }) => node === 'distance-ae-stage7')!, scene)).toEqual([]);
  });

  it('of a wire from a muted node: unmuting it', () => {
    const repairs = repaired((edits) => edits.setNode('pool-layer1', 'muted', true), 'missing-input');
    expect(repairs[0]).toMatchObject({ label: 'Unmute “Pool layer 1”', mends: true });
  });

  it('of shapes that differ: the output of the other side’s shape', () => {
    const repairs = repaired((edits) => edits.connect({ from: 'student-shallow.layer2', to: 'distance-layer1.student' }), 'shape-mismatch');
    expect(repairs[0]).toMatchObject({ label: 'Take layer1 of “Shallow student”', mends: true });
    expect(repairs.map(({ label }) => label)).toContain('Disconnect this wire');
  });

  it('of sizes that differ by a whole number: the node that the hint names, put between', () => {
    const repairs = repaired((edits) => edits.connect({ from: 'teacher-shallow.layer1', to: 'loss-shallow.teacher1' }), 'shape-mismatch');
    expect(repairs.find(({ label }) => label === 'Insert “Pool features”')).toMatchObject({ mends: true });
  });

  it('of sizes that differ: what the hint says of a parameter', () => {
    const repairs = repaired((edits) => edits.connect({ from: 'teacher-shallow.layer1', to: 'distance-layer1.teacher' }), 'shape-mismatch');
    expect(repairs.find(({ label }) => label === 'Set “match” to pool')).toMatchObject({ mends: true });
  });

  it('of a value that cannot be: its default', () => {
    const repairs = repaired((edits) => edits.setParam('smooth-shallow', 'sigma', -1), 'invalid-parameter');
    expect(repairs[0]).toMatchObject({ label: 'Set “sigma” to its default', mends: true });
  });

  it('of a socket that has gone with a parameter: a free one of its type, or no wire', () => {
    const repairs = repaired((edits) => [...edits.setParam('map-kd', 'maps', 3), ...edits.connect({ from: 'distance-kd-stage7.map', to: 'map-kd.map9' })], 'unknown-socket');
    expect(repairs.map(({ label }) => label)).toEqual(['Move the wire to map3', 'Disconnect this wire']);
    expect(repairs[0]!.mends).toBe(true);
  });

  it('of a ring: taking out one of its wires', () => {
    const repairs = repaired((edits) => edits.connect({ from: 'map-deep.map', to: 'map-kd.map1' }), 'cycle');
    expect(repairs.length).toBeGreaterThan(0);
    expect(repairs.every(({ label }) => label.startsWith('Disconnect'))).toBe(true);
  });

  it('of two results of one name: another name', () => {
    const repairs = repaired((edits) => edits.setParam('product', 'name', 'deep-kd'), 'same-name-twice');
    expect(repairs[0]).toMatchObject({ label: 'Name it “deep-kd-2”', mends: true });
  });

  it('of a type that nobody knows: removing the node', () => {
    const repairs = repaired((edits, { nodes }) => edits.replaceNode('smooth-shallow', { ...nodes['smooth-shallow']!, type: 'other/smooth' }, { inputs: ['map'], outputs: ['map'] }), 'unknown-node-type');
    expect(repairs.map(({ label }) => label)).toEqual(['Remove “Shallow map”']);
  });

  it('of weights that do not reach deep enough: the others that the hint names', () => {
    const problem = { code: 'weights-missing', severity: 'error', node: 'teacher-shallow', field: 'weights', message: '', hint: 'set `weights` to "resnet18.torchvision", which is fetched on first use' } as const;
    const [repair, ...others] = repairsOf(problem, sceneOf(dual));
    expect([repair!.label, others]).toEqual(['Use resnet18.torchvision', []]);
    expect(applyPatch(dual, repair!.patch).nodes['teacher-shallow']!.params).toMatchObject({ weights: 'resnet18.torchvision' });
  });

  it('of a graph without a dataset: adding one', () => {
    const scene = sceneOf({ stillroom: 1, name: 'empty', nodes: {}, edges: [] });
    const [repair] = repairsOf({ code: 'no-dataset', severity: 'error', message: '' }, scene);
    expect(repair!.label).toBe('Add “Dataset”');
  });
});
