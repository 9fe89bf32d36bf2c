import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtinPacks } from '../../../server/plugins/builtin.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { json, Stillroom } from './stillroom.ts';

const stillroom = new Stillroom(join(temporaryFolder(), 'home'));

interface NodeJson {
  type: string;
  params: Record<string, { default: unknown; control: Record<string, unknown> }>;
  inputs: Record<string, { type: string }>;
  outputs: Record<string, { type: string }>;
}

describe('stillroom nodes', () => {
  it('lists every type of every pack under its category', async () => {
    const { code, out } = await stillroom.call('nodes');
    expect(code).toBe(0);
    for (const { type, title } of builtinPacks.flatMap(({ nodes }) => nodes)) {
      expect(out).toMatch(new RegExp(`^  ${type} +${title}$`, 'm'));
    }
    expect(out).toMatch(/^teachers\n {2}teacher\/resnet18 /m);
  });

  it('as JSON gives them with parameters and sockets', async () => {
    const nodes = json<NodeJson[]>(await stillroom.call('nodes', '--json'));
    expect(nodes.map(({ type }) => type).sort()).toEqual(builtinPacks.flatMap((pack) => pack.nodes.map(({ type }) => type)).sort());
  });
});

describe('stillroom nodes TYPE', () => {
  it('describes parameters with default, range and unit, sockets and source', async () => {
    const { code, out } = await stillroom.call('nodes', 'teacher/resnet18');
    expect(code).toBe(0);
    expect(out).toContain('He et al. 2016');
    expect(out).toMatch(/^inputs\n {2}name +type\n {2}images +images$/m);
    expect(out).toMatch(/^ {2}layer2 +features$/m);
    expect(out).toMatch(/^ {2}stages +\["layer1","layer2"\] +some of stem, layer1, layer2, layer3, layer4 /m);
    expect((await stillroom.call('nodes', 'training/fit')).out).toMatch(/^ {2}epochs +100 +(from )?1( to \d+)?\b/m);
  });

  it('as JSON gives one definition', async () => {
    const node = json<NodeJson>(await stillroom.call('nodes', 'features/pool', '--json'));
    expect(node).toMatchObject({
      type: 'features/pool',
      inputs: { features: { type: 'features' } },
      outputs: { features: { type: 'features' } },
      params: { window: { default: 2, control: { kind: 'number', integer: true } } },
    });
  });

  it('suggests the type that was meant', async () => {
    const outcome = await stillroom.call('nodes', 'teacher/resnet81', '--json');
    expect(outcome.code).toBe(1);
    expect(outcome.err).toBe('error: expected a known node type, found "teacher/resnet81" (did you mean "teacher/resnet18"?)\n');
    expect(json(outcome)).toMatchObject({ error: { code: 'unknown-node-type', hint: 'did you mean "teacher/resnet18"?' } });
  });

  it('names the list where nothing is near', async () => {
    expect((await stillroom.call('nodes', 'nonsense')).err).toContain('(`stillroom nodes` lists them)');
  });
});
