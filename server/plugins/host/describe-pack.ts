import type { AnyNodeDefinition, Pack } from '../../../plugins/sdk/index.ts';
import { describeNode } from '../../graph/describe-node.ts';
import { describeElsewhere } from './elsewhere.ts';
import type { DataCall, NodeFacts, PackFacts } from './messages.ts';

export const dataCalls: readonly DataCall[] = ['pretrained', 'dataset', 'geometry', 'fit', 'sink', 'calibrate'];

/** A pack without its code. Throws what its functions throw for default parameters. */
export function describePack({ name, nodes, architectures = [], weights = [], socketTypes = [], exporters = [], ...rest }: Pack): PackFacts {
  return {
    name,
    nodes: nodes.map(describeDefinition),
    elsewhere: describeElsewhere(rest),
    architectures: architectures.map((one) => ({ ...one, weights: one.weights() })),
    weights: weights.map((entry) => ({ ...entry, source: entry.source.kind === 'bundled' ? { ...entry.source, url: String(entry.source.url) } : { ...entry.source } })),
    socketTypes: socketTypes.map(({ describe, ...said }) => ({ ...said, describes: describe !== undefined })),
    exporters: exporters.map(({ name: called, title, summary, extensions }) => ({ name: called, title, summary, extensions })),
  };
}

function describeDefinition(definition: AnyNodeDefinition): NodeFacts {
  const { inputs, outputs, random, eager } = definition;
  const facts = describeNode(definition);
  return {
    ...facts,
    inputs: { sockets: facts.inputs, moving: typeof inputs === 'function' },
    outputs: { sockets: facts.outputs, moving: typeof outputs === 'function' },
    ...(random ? { random } : {}),
    ...(eager ? { eager } : {}),
    has: ([...dataCalls, 'weights', 'build'] as const).filter((call) => definition[call] !== undefined),
    migrations: Object.keys(definition.migrate ?? {}).map(Number),
  };
}
