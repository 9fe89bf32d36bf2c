import { z } from 'zod';
import { socketMarks, socketPreviews, StillroomError, type AnyNodeDefinition, type SocketTypeDefinition } from '../../../plugins/sdk/index.ts';
import { describeNode, hasMovingSockets, socketsOf, type NodeDescription } from '../../graph/describe-node.ts';
import { didYouMean } from '../../graph/nearest.ts';
import { resolveParams } from '../../graph/params.ts';
import { route, type Route } from '../route.ts';
import type { Services } from '../services.ts';

const option = z.object({ value: z.string(), title: z.string() });
const bounds = { min: z.number().optional(), max: z.number().optional(), unit: z.string().optional() };
const control = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('number'), integer: z.boolean(), step: z.number().optional(), ...bounds }),
  z.object({ kind: z.literal('numbers'), length: z.int().optional(), ...bounds }),
  z.object({ kind: z.literal('toggle') }),
  z.object({ kind: z.literal('choice'), options: z.array(option) }),
  z.object({ kind: z.literal('stages'), options: z.array(option) }),
  z.object({ kind: z.literal('text'), multiline: z.boolean().optional() }),
  z.object({ kind: z.literal('colour') }),
  z.object({ kind: z.literal('folder') }),
  z.object({ kind: z.literal('weights'), architecture: z.string() }),
]);
export const socketsAnswer = z.record(
  z.string(),
  z.object({ type: z.string().describe('What may flow there: only equal types fit.'), title: z.string().optional(), optional: z.boolean().optional() }),
);
const node = z
  .object({
    type: z.string(),
    version: z.int(),
    pack: z.string(),
    title: z.string(),
    summary: z.string(),
    category: z.string(),
    cite: z.string().optional().describe('The publication that it follows.'),
    params: z.record(z.string(), z.object({ default: z.unknown(), control, help: z.string().optional(), cosmetic: z.boolean().optional(), custom: z.string().optional() })),
    inputs: socketsAnswer,
    outputs: socketsAnswer,
    movingSockets: z.boolean().describe('Whether other parameters give other sockets: ask POST /nodes/sockets.'),
  })
  .meta({ id: 'NodeType' });

const socketType = z
  .object({
    type: z.string(),
    title: z.string(),
    colour: z.object({ light: z.string(), dark: z.string() }).describe('`#rrggbb`, on a light ground and on a dark one.'),
    mark: z.enum(socketMarks).describe('Shape that sockets of it are marked by.'),
    preview: z.union([z.enum(socketPreviews), z.object({ viewer: z.string() })]).optional().describe('How values of it are looked at; by their shape where absent.'),
  })
  .meta({ id: 'SocketType' });

const describeSocketType = ({ type, title, colour, mark = 'peak', preview }: SocketTypeDefinition): z.output<typeof socketType> => ({ type, title, colour, mark, ...(preview === undefined ? {} : { preview }) });

/** What may stand in a graph: node types with all that an editor draws of them. */
export function nodeRoutes({ registry }: Pick<Services, 'registry'>): Route[] {
  const describe = (definition: AnyNodeDefinition): NodeDescription & { pack: string; movingSockets: boolean } => ({
    ...describeNode(definition),
    pack: registry.packOf(definition.type)!.name,
    movingSockets: hasMovingSockets(definition),
  });
  const named = (type: string): AnyNodeDefinition => {
    const found = registry.get(type);
    if (found) return found;
    throw new StillroomError('no-node-type', `expected a known node type, found "${type}"`, {
      hint: didYouMean(type, registry.definitions.map((one) => one.type), 'GET /api/nodes lists them'),
    });
  };
  return [
    route({
      operation: 'listNodeTypes',
      method: 'get',
      path: '/nodes',
      tag: 'nodes',
      summary: 'Every node type: parameters with their controls, sockets, source',
      query: z.object({ type: z.string().optional().describe('This one alone.') }),
      answer: z.object({ categories: z.array(z.string()), socketTypes: z.array(socketType).describe('That packs say something of.'), nodes: z.array(node) }),
      handle({ query: { type } }) {
        const nodes = (type === undefined ? registry.definitions : [named(type)]).map(describe);
        return { categories: [...new Set(nodes.map(({ category }) => category))], socketTypes: registry.socketTypes.map(describeSocketType), nodes };
      },
    }),
    route({
      operation: 'readSockets',
      method: 'post',
      path: '/nodes/sockets',
      tag: 'nodes',
      summary: 'The sockets of a node type with some parameters, and what is wrong with these',
      body: z.object({ type: z.string(), params: z.record(z.string(), z.unknown()).default({}) }),
      answer: z.object({ inputs: socketsAnswer, outputs: socketsAnswer, problems: z.array(z.record(z.string(), z.unknown())) }),
      handle({ body: { type, params } }) {
        const definition = named(type);
        return { ...socketsOf(definition, params), problems: resolveParams(definition, params).problems };
      },
    }),
  ];
}
