import { describe, expect, it } from 'vitest';
import { checkPack } from '../../../server/conformance/index.ts';
import { brokenPacks, wellBehavedPack } from './broken/packs.ts';

describe('Socket types and exporters of a pack', () => {
  it('that keep to every rule have no findings; an exporter may refuse a run in words', async () => {
    expect((await checkPack(wellBehavedPack, { plugin: 'acme' })).findings).toEqual([]);
  });

  it.each(Object.entries(brokenPacks))('that break a rule: %s is found', async (_title, [pack, rule, message]) => {
    const { findings } = await checkPack(pack, { plugin: 'acme' });
    expect(findings.map((finding) => finding.message).join('\n'), JSON.stringify(findings, null, 1)).toMatch(message);
    expect([...new Set(findings.map((finding) => finding.rule))]).toEqual([rule]);
    for (const finding of findings) {
      expect(finding.node).toMatch(/^(acme|other)\/(heat|lost|listing)$/);
      expect(finding.hint).not.toBe('');
    }
  });
});
