import { describe, expect, it, vi } from 'vitest';
import { CanvasNode } from '../../../client/canvas/canvas-node.svelte.ts';
import { greatestShare, showCosts, type Measure } from '../../../client/editor/costs.ts';
import type { Check } from '../../../client/state/types.ts';

vi.mock('../../../client/state/catalogue.svelte.ts', () => ({ catalogue: { get: () => undefined } }));

const node = (parameters: number, multiplyAdds: number, activationBytes: number): Check['nodes'][string] => ({ title: '', type: 'x/net', params: {}, inputs: {}, outputs: {}, cost: { parameters, multiplyAdds, activationBytes } }) as unknown as Check['nodes'][string];
const check = {
  nodes: { net: node(685_000, 991e6, 3 * 2 ** 20), 'part/a': node(0, 900e6, 2 ** 20), 'part/b': node(0, 586.5e6, 0) },
  total: { parameters: 685_000, multiplyAdds: 2477.5e6, activationBytes: 4 * 2 ** 20 },
} as unknown as Check;

function shown(heatBy: Measure): Record<string, CanvasNode> {
  const nodes = { net: new CanvasNode('net'), part: new CanvasNode('part'), other: new CanvasNode('other') };
  showCosts(Object.values(nodes), check, '', {}, { heat: true, cost: true, heatBy });
  return nodes;
}

describe('costs on nodes', () => {
  it('are told short enough for a node, and in full words beside', () => {
    const { net, part, other } = shown('multiplyAdds');
    expect(net!.cost).toEqual({ text: '685 k params · 991 M MACs', share: '40 %', help: '685 k parameters, 991 M multiply-adds, 40 % of all multiply-adds' });
    expect(part!.cost).toMatchObject({ text: '1.49 G MACs', share: '60 %' });
    expect(other!.cost).toEqual({ text: '–', share: '', help: '' });
  });

  it('say nothing of shares where nothing is measured', () => {
    expect(shown('milliseconds')['net']!.cost).toEqual({ text: '685 k params · not measured', share: '', help: '685 k parameters, not measured' });
    expect(shown('parameters')['net']!.cost).toMatchObject({ text: '685 k params', share: '100 %' });
    expect(shown('activationBytes')['part']!.cost).toMatchObject({ text: '1 MiB', share: '25 %' });
  });

  it('colour the costliest node of a level most, which has the greatest share of all', () => {
    const { net, part, other } = shown('multiplyAdds');
    expect([part!.heat, other!.heat]).toEqual([1, null]);
    expect(net!.heat).toBeCloseTo(991 / 1486.5);
    expect(greatestShare(check, '', {}, 'multiplyAdds')).toBeCloseTo(0.6);
    expect(greatestShare(check, 'part/', {}, 'multiplyAdds')).toBeCloseTo(900 / 2477.5);
    expect(greatestShare(check, '', {}, 'milliseconds')).toBeNull();
    expect(greatestShare(null, '', {}, 'multiplyAdds')).toBeNull();
  });
});
