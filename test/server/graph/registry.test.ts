import { describe, expect, it } from 'vitest';
import { defineNode, integer, type AnyNodeDefinition } from '../../../plugins/sdk/index.ts';
import { createRegistry } from '../../../server/graph/registry.ts';

const node = (parts: Partial<AnyNodeDefinition>): AnyNodeDefinition =>
  defineNode({
    type: 'a/b',
    version: 1,
    title: 'B',
    summary: '',
    category: 'other',
    params: {},
    inputs: {},
    outputs: {},
    infer: () => ({}),
    ...parts,
  });

describe('createRegistry', () => {
  it('finds definitions by type, and the pack they come from', () => {
    const [one, two] = [node({}), node({ type: 'c/d' })];
    const registry = createRegistry([{ name: 'first', nodes: [one] }, { name: 'second', nodes: [two] }]);
    expect(registry.get('c/d')).toBe(two);
    expect(registry.packOf('c/d')?.name).toBe('second');
    expect(registry.get('constructor')).toBeUndefined();
    expect(registry.definitions).toEqual([one, two]);
  });

  it('refuses one type from two packs, naming both', () => {
    const packs = [{ name: 'first', nodes: [node({})] }, { name: 'second', nodes: [node({})] }];
    expect(() => createRegistry(packs)).toThrow('expected each node type once, found "a/b" in the packs "first" and "second"');
  });

  it.each<[string, Partial<AnyNodeDefinition>, string]>([
    ['a type without a package', { type: 'subgraph' }, 'expected a type "<package>/<node>"'],
    ['a version below 1', { version: 0 }, 'expected a version from 1, found 0'],
    ['a gap in the migrations', { version: 3, migrate: { 1: (p) => p } }, 'expected a migration from version 2 to 3, found none'],
    ['a parameter named as what objects inherit', { params: { toString: integer({ default: 1 }) } }, 'for the parameter "toString"'],
    ['a parameter with a dot, which overrides could not name', { params: { 'a.b': integer({ default: 1 }) } }, 'for the parameter "a.b"'],
  ])('refuses %s', (_what, parts, message) => {
    expect(() => createRegistry([{ name: 'pack', nodes: [node(parts)] }])).toThrow(message);
  });
});
