import { describe, expect, it } from 'vitest';
import { provenance } from '../../../../server/runs/report/provenance.ts';
import type { RecordedManifest } from '../../../../server/runs/run-record.ts';

describe('what the report says of weights', () => {
  const said = (licence: string | null, caution: string | null): string => {
    const weights = [{ node: 'teacher', architecture: 'resnet18', name: 'trunk.pth', sha256: 'd'.repeat(64), licence, caution }];
    const manifest = { status: 'done', identity: 'i', started: '', seed: 0, graph: { name: 'g', logic: 'l' }, weights };
    return provenance(manifest as unknown as RecordedManifest).text.replaceAll(/<[^>]*>|\s+/g, ' ');
  };

  it('with a caution is that they permit no more', () => {
    expect(said('Apache-2.0', 'starter weights: not comparable')).toContain('starter weights: not comparable');
  });

  it('registered without one is that no limit is known', () => {
    expect(said('BSD-3-Clause', null)).toMatch(/no limit is known.* BSD-3-Clause/);
  });

  it.each(['unknown', null])('of a file that nobody has registered (licence %s) is that only the same file compares', (licence) => {
    expect(said(licence, null)).toMatch(/only where those were got with the same file.*not known.*d{64}/);
  });
});
