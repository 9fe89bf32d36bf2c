import { describe, expect, it } from 'vitest';
import { matchesOf, problemKey, type Match, type Trial } from '../../../../client/editor/edits/matching.ts';
import type { Scene } from '../../../../client/editor/edits/repairs.ts';
import { asType, replaceKeepingWires } from '../../../../client/editor/edits/replacement.ts';
import { EditSequence } from '../../../../client/editor/edits/sequence.ts';
import type { Check, NodeType } from '../../../../client/state/types.ts';
import { builtinPacks } from '../../../../server/plugins/builtin.ts';
import { check } from '../../../../server/compiler/check.ts';
import { checkWhole } from '../../../../server/compiler/check-whole.ts';
import { readTemplates } from '../../../../server/documents/templates.ts';
import { describeNode } from '../../../../server/graph/describe-node.ts';
import type { GraphDocument } from '../../../../server/graph/document.ts';
import { applyPatch } from '../../../../server/graph/patch.ts';
import { createRegistry } from '../../../../server/graph/registry.ts';
import { socketsIn } from '../../../../server/graph/sockets-in.ts';

const registry = createRegistry(builtinPacks);
const types: NodeType[] = registry.definitions.map((definition) => ({ ...describeNode(definition), pack: '', movingSockets: typeof definition.outputs === 'function' || typeof definition.inputs === 'function' }));
const typeOf = (type: string): NodeType => types.find((one) => one.type === type)!;
const { document: dual } = (await readTemplates()).find(({ id }) => id === 'dual-model')!;
const problemsOf = (document: GraphDocument) => checkWhole(check(document, registry)).problems;

/** Sockets of a node by itself. */
function socketsOfType(type: string, version: number, params: Record<string, unknown>) {
  const alone: GraphDocument = { stillroom: 1, name: 'alone', nodes: { it: { type, version, params } }, edges: [] };
  return socketsIn(alone, registry)['it']!;
}
const trial: Trial = {
  check: async (document) => ({ problems: problemsOf(document), sockets: socketsIn(document, registry) }),
  socketsOf: async ({ type, version }, params) => socketsOfType(type, version, params),
  isOver: () => false,
};

/** As somebody swaps a node in the editor. */
function swapped(document: GraphDocument, id: string, by: string): GraphDocument {
  const node = asType(document.nodes[id]!, typeOf(document.nodes[id]!.type), typeOf(by));
  const steps = new EditSequence(document, []);
  replaceKeepingWires(steps, id, node, socketsIn(document, registry)[id]!, socketsOfType(by, node.version!, node.params ?? {}));
  return steps.document;
}

async function matched(document: GraphDocument, over: Trial = trial): Promise<Match[]> {
  const sockets = socketsIn(document, registry);
  const scene: Scene = { document, level: [], prefix: '', types, check: {} as Check, socketsOf: (node) => sockets[node] };
  return matchesOf(problemsOf(document), scene, over);
}

describe('what makes shapes agree after a backbone was swapped', () => {
  it('puts the student that mirrors the new teacher in the place of the old one', async () => {
    const broken = swapped(dual, 'teacher-deep', 'teacher/resnet18');
    expect(problemsOf(broken).map(({ code }) => code)).toEqual(Array(4).fill('shape-mismatch'));
    const [match] = await matched(broken);
    expect(match!.label).toBe('Replace “Deep student” by “ResNet18 mirror student”');
    expect(problemsOf(applyPatch(broken, match!.patch))).toEqual([]);
    expect([...match!.mends].sort()).toEqual(problemsOf(broken).map(problemKey).sort());
  });

  it('leaves out what shrank the teacher’s maps, where the new student’s are as large', async () => {
    const broken = swapped(dual, 'teacher-shallow', 'teacher/efficientnet-b0');
    const matches = await matched(broken);
    expect(matches.map(({ label }) => label)).toContain('Replace “Shallow student” by “EfficientNet-B0 mirror student”, without “Pool layer 1” and “Pool layer 2”');
    for (const { label, patch } of matches) expect(problemsOf(applyPatch(broken, patch)), label).toEqual([]);
  });

  it('mends two swaps one after the other, each match only its own', async () => {
    const broken = swapped(swapped(dual, 'teacher-deep', 'teacher/resnet18'), 'teacher-shallow', 'teacher/efficientnet-b0');
    const deep = (await matched(broken)).find(({ label }) => label.startsWith('Replace “Deep student”'))!;
    expect([...deep.mends].every((key) => /distance-kd|loss-student/.test(key))).toBe(true);
    const half = applyPatch(broken, deep.patch);
    const shallow = (await matched(half))[0]!;
    expect(problemsOf(applyPatch(half, shallow.patch))).toEqual([]);
  });

  it('sets a parameter where that is enough', async () => {
    const steps = new EditSequence(dual, []);
    steps.do((edits) => edits.setParam('student-shallow', 'resolution', 'teacher'));
    const found = await matched(steps.document);
    expect(found[0]!.label).toBe('Set “resolution” of “Shallow student” to reduced');
    expect(problemsOf(applyPatch(steps.document, found[0]!.patch))).toEqual([]);
  });

  it('gives outputs back that went with a stage, all of a node at once', async () => {
    const withStages = (...stages: string[]): GraphDocument => {
      const steps = new EditSequence(dual, []);
      steps.do((edits) => edits.setParam('teacher-deep', 'stages', stages));
      return steps.document;
    };
    const broken = withStages('stage5');
    expect(problemsOf(broken).map(({ code, socket }) => `${code} ${socket}`)).toEqual(['unknown-socket stage7']);
    const [match] = await matched(broken);
    expect(match!.label).toBe('Let “Deep teacher” give stage7 again');
    expect([...match!.mends]).toEqual(problemsOf(broken).map(problemKey));
    expect(applyPatch(broken, match!.patch)).toEqual(dual);
    const withoutBoth = withStages('stage3');
    const [both] = await matched(withoutBoth);
    expect(both!.label).toBe('Let “Deep teacher” give stage5 and stage7 again');
    const mended = applyPatch(withoutBoth, both!.patch);
    expect(mended.nodes['teacher-deep']!.params!['stages']).toEqual(['stage3', 'stage5', 'stage7']);
    expect(problemsOf(mended)).toEqual([]);
  });

  it('offers no output back that no stage gives', async () => {
    const steps = new EditSequence(dual, []);
    steps.do((edits) => edits.connect({ from: 'teacher-deep.stage99', to: 'distance-kd-stage7.teacher' }));
    expect(problemsOf(steps.document).some(({ code }) => code === 'unknown-socket')).toBe(true);
    expect(await matched(steps.document)).toEqual([]);
  });

  it('finds nothing where shapes agree, and stops when nobody waits', async () => {
    expect(await matched(dual)).toEqual([]);
    expect(await matched(swapped(dual, 'teacher-deep', 'teacher/resnet18'), { ...trial, isOver: () => true })).toEqual([]);
  });
});
