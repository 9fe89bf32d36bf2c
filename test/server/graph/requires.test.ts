import { describe, expect, it } from 'vitest';
import type { Pack } from '../../../plugins/sdk/index.ts';
import { check } from '../../../server/compiler/check.ts';
import { stringifyGraph } from '../../../server/graph/canonical.ts';
import type { GraphDocument } from '../../../server/graph/document.ts';
import { identityOf } from '../../../server/graph/identity.ts';
import { parseGraph } from '../../../server/graph/parse.ts';
import { createRegistry } from '../../../server/graph/registry.ts';
import { withRequires } from '../../../server/graph/requires.ts';
import { toyPack } from '../../support/toy-pack.ts';

const source = toyPack.nodes[0]!;
const plugged: Pack = { name: 'nets', nodes: [{ ...source, type: '@acme/nets/source' }, { ...source, type: 'blur/source' }] };
const blur: Pack = { name: 'blur', nodes: [plugged.nodes[1]!] };
const nets: Pack = { name: 'nets', nodes: [plugged.nodes[0]!] };
const registry = createRegistry([toyPack, nets, blur], { plugins: new Map([[nets, { name: '@acme/nets', version: '2.1.0' }], [blur, { name: 'blur', version: '0.3.0' }]]) });
const without = createRegistry([toyPack]);

const graph = (types: readonly string[], requires?: Record<string, string>): GraphDocument => ({
  stillroom: 1,
  name: 'Plugged',
  ...(requires ? { requires } : {}),
  nodes: Object.fromEntries(types.map((type, i) => [`n${i}`, { type, version: 1 }])),
  edges: [],
});

describe('withRequires', () => {
  it('says of nothing but plugins what is needed, of sub-graphs too', () => {
    const document = graph(['toy/source', '@acme/nets/source']);
    const inner = { inputs: {}, outputs: {}, nodes: { a: { type: 'blur/source', version: 1 } }, edges: [] };
    expect(withRequires({ ...document, subgraphs: { inner } }, registry).requires).toEqual({ '@acme/nets': '2.1.0', blur: '0.3.0' });
    expect(withRequires(graph(['toy/source']), registry)).not.toHaveProperty('requires');
  });

  it('leaves a document as it is that says so already', () => {
    const document = graph(['blur/source'], { blur: '0.3.0' });
    expect(withRequires(document, registry)).toBe(document);
  });

  it('keeps what was said of a plugin that is not here, and forgets what is no longer needed', () => {
    const said = { '@acme/nets': '1.0.0', gone: '1.0.0', unused: '9.0.0' };
    expect(withRequires(graph(['@acme/nets/source', 'gone/node'], said), registry).requires).toEqual({ '@acme/nets': '2.1.0', gone: '1.0.0' });
    expect(withRequires(graph(['toy/source'], said), registry)).not.toHaveProperty('requires');
  });

  it('changes no identity, and survives being written and read', () => {
    const document = withRequires(graph(['@acme/nets/source']), registry);
    expect(identityOf(document, registry)).toBe(identityOf(graph(['@acme/nets/source']), registry));
    const text = stringifyGraph(document);
    expect(text).toContain('"requires": { "@acme/nets": "2.1.0" }');
    expect(parseGraph(text)).toEqual({ document, problems: [] });
  });

  it('refuses what is no version', () => {
    expect(parseGraph(JSON.stringify({ ...graph([]), requires: { blur: 3 } })).problems).toMatchObject([{ code: 'document-invalid', field: 'requires › blur' }]);
  });
});

describe('check, where a plugin is not here', () => {
  it('says exactly what to install', () => {
    const hints = (document: GraphDocument): (string | undefined)[] => check(document, without).problems.map(({ hint }) => hint);
    expect(hints(graph(['@acme/nets/source'], { '@acme/nets': '2.1.0' }))).toEqual(['install the plugin "@acme/nets" 2.1.0: `stillroom plugin add @acme/nets@2.1.0`']);
    expect(hints(graph(['blur/source'], { blur: '0.3.0' }))).toEqual(['install the plugin "blur" 0.3.0: `stillroom plugin add blur@0.3.0`']);
    expect(hints(graph(['@acme/nets/source']))).toEqual(['install the plugin "@acme/nets"']);
  });
});
