import { describe, expect, it } from 'vitest';
import { checkPack, rules } from '../../../server/conformance/index.ts';
import { brokenDeclarations } from './broken/declarations.ts';
import { brokenExtensions, soundExtensions } from './broken/extensions.ts';
import { brokenInferring } from './broken/inferring.ts';
import { brokenPacks } from './broken/packs.ts';
import { brokenTensors } from './broken/tensors.ts';
import { wellBehaved } from './broken/well-behaved.ts';

const all = { ...brokenDeclarations, ...brokenInferring, ...brokenTensors };

describe('a node that keeps to every rule', () => {
  it('has no findings', async () => {
    const { findings, nodes } = await checkPack({ name: 'acme', nodes: [wellBehaved] });
    expect(findings).toEqual([]);
    expect(nodes[0]!.tried.parameters).toBeGreaterThan(2);
    expect(nodes[0]!.tried.runs).toBeGreaterThan(4);
  });
});

describe('a node that breaks a rule', () => {
  it.each(Object.entries(all))('%s is found', async (_title, [node, rule, message]) => {
    const { findings } = await checkPack({ name: 'acme', nodes: [node] });
    const found = findings.filter((finding) => finding.rule === rule);
    expect(found.map((finding) => finding.message).join('\n'), JSON.stringify(findings, null, 1)).toMatch(message);
    expect([...new Set(findings.map((finding) => finding.rule))]).toEqual([rule]);
    for (const finding of findings) {
      expect(finding.node).toBe(node.type);
      expect(finding.hint).not.toBe('');
    }
  });

});

describe('layouts, readers, optimisers and schedules', () => {
  it('that keep to every rule have no findings', async () => {
    expect((await checkPack(soundExtensions, { plugin: 'acme' })).findings).toEqual([]);
  });

  it('are called by the name of their plugin', async () => {
    const { findings } = await checkPack(soundExtensions, { plugin: 'other' });
    expect(findings.map(({ rule, message }) => [rule, message])).toContainEqual(['schema', 'expected the name "acme/flat" to begin with "other/"']);
    expect(findings).toHaveLength(4);
  });

  it.each(Object.entries(brokenExtensions))('that break a rule: %s is found', async (_title, [pack, rule, message]) => {
    const { findings } = await checkPack(pack);
    expect(findings.map((finding) => finding.message).join('\n'), JSON.stringify(findings, null, 1)).toMatch(message);
    expect([...new Set(findings.map((finding) => finding.rule))]).toEqual([rule]);
    for (const finding of findings) {
      expect(finding.node).toMatch(/^acme\//);
      expect(finding.hint).not.toBe('');
    }
  });

  it('and nodes break each of the rules', () => {
    expect([...new Set([...Object.values(all), ...Object.values(brokenExtensions), ...Object.values(brokenPacks)].map(([, rule]) => rule))].sort()).toEqual(Object.keys(rules).sort());
  });
});
