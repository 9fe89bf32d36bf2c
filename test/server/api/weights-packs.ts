import type { Pack } from '../../../plugins/sdk/index.ts';
import { builtinPacks } from '../../../server/plugins/builtin.ts';

const published = (file: string): { kind: 'url'; urls: string[]; file: string; size: string } => ({ kind: 'url', urls: [`${process.env['TINY_WEIGHTS'] ?? 'http://127.0.0.1:1'}/${file}`], file, size: '1 kB' });
const facts = {
  architecture: 'tiny',
  publisher: 'a test',
  licence: 'MIT',
  normalisation: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  padding: 'torch',
} as const;

/** A network of one number, whose weights a server of the test publishes. */
const tiny: Pack = {
  name: 'tiny',
  nodes: [],
  architectures: [
    { name: 'tiny', title: 'Tiny', keyMaps: [{ name: 'own', rules: [] }], weights: () => [{ name: 'weight', shape: [2], layout: 'plain', role: 'frozen', init: { kind: 'zeros' } }] },
  ],
  weights: [
    { ...facts, name: 'tiny.good', title: 'Good', source: published('good.safetensors'), ...(process.env['TINY_SHA256'] ? { sha256: process.env['TINY_SHA256'] } : {}) },
    { ...facts, name: 'tiny.other', title: 'Other', source: published('other.safetensors'), sha256: '0'.repeat(64), caution: 'not to be trusted' },
    { ...facts, name: 'tiny.endless', title: 'Endless', source: published('endless.safetensors'), sha256: '1'.repeat(64) },
  ],
};

export const packs: readonly Pack[] = [...builtinPacks, tiny];
