import { z } from 'zod';
import { DOCUMENT_VERSION, type GraphDocument } from './document.ts';

/**
 * The document's format, from which validation and the published JSON Schema (`graphs/schema.json`) follow.
 * Objects are loose: a field that this version does not know is kept.
 */
const nodeId = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'expected an id of lower-case letters, digits and "-"');
const socketName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]*$/, 'expected a socket name of letters, digits, "-" and "_", starting with a letter');
const typeName = z
  .string()
  .regex(
    /^(subgraph|(@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*\/[a-z0-9][a-z0-9-]*)$/,
    'expected a node type "<package>/<node>" or "subgraph"',
  );
const socketType = z.string().regex(/^[@a-z0-9][a-z0-9._/-]*$/, 'expected a socket type such as "features"');
const end = z
  .string()
  .regex(/^(\$in|\$out|[a-z0-9][a-z0-9-]*)\.[A-Za-z][A-Za-z0-9_-]*$/, 'expected "node.socket"');

const node = z
  .looseObject({
    type: typeName.describe('`<package>/<node>`, or `subgraph` for an instance of a sub-graph.'),
    version: z.number().int().min(1).optional().describe('Version of the node type that the parameters are written for.'),
    of: nodeId.optional().describe('Which sub-graph an instance stands for.'),
    title: z.string().optional(),
    muted: z.boolean().optional().describe('A muted node counts as absent.'),
    params: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('Values by parameter; absent ones have their default. Of an instance: values by `inner.parameter`.'),
    comment: z.string().optional(),
  })
  .refine(({ type, version }) => type === 'subgraph' || version !== undefined, {
    path: ['version'],
    message: 'expected the version of the node type, found none',
  })
  .refine(({ type, of }) => type !== 'subgraph' || of !== undefined, {
    path: ['of'],
    message: 'expected the sub-graph that this node stands for, found none',
  })
  // The two rules above once more, for the published schema, which code does not reach.
  .meta({
    id: 'node',
    if: { properties: { type: { const: 'subgraph' } } },
    then: { required: ['of'] },
    else: { required: ['version'] },
  });

const edge = z
  .looseObject({
    from: end.describe('The output it comes from, `node.socket`; inside a sub-graph also `$in.name`.'),
    to: end.describe('The input it goes to, `node.socket`; inside a sub-graph also `$out.name`.'),
  })
  .meta({ id: 'edge' });

const position = { x: z.number(), y: z.number() };
const layout = z
  .looseObject({
    nodes: z
      .record(nodeId, z.looseObject({ ...position, width: z.number().optional(), collapsed: z.boolean().optional() }))
      .optional(),
    wires: z
      .record(end, z.array(z.looseObject(position)))
      .optional()
      .describe('Points that wires are led through, from their output on, by the input that they go to.'),
    frames: z
      .array(
        z.looseObject({
          id: nodeId.optional(),
          title: z.string(),
          ...position,
          width: z.number(),
          height: z.number(),
          colour: z.string().optional(),
        }),
      )
      .optional(),
    notes: z
      .array(
        z.looseObject({ id: nodeId.optional(), text: z.string(), ...position, width: z.number().optional(), height: z.number().optional() }),
      )
      .optional(),
  })
  .describe('Where things are drawn, in px of the canvas. It changes no result.')
  .meta({ id: 'layout' });

const wiring = { nodes: z.record(nodeId, node), edges: z.array(edge) };
const port = z.looseObject({ type: socketType, title: z.string().optional() }).meta({ id: 'port' });

const subgraph = z
  .looseObject({
    title: z.string().optional(),
    description: z.string().optional(),
    inputs: z.record(socketName, port),
    outputs: z.record(socketName, port),
    ...wiring,
    layout: layout.optional(),
  })
  .meta({ id: 'subgraph' });

export const graphSchema = z
  .looseObject({
    $schema: z.string().optional(),
    stillroom: z.literal(DOCUMENT_VERSION).describe('Version of the document format.'),
    name: z.string().min(1),
    description: z.string().optional(),
    cite: z.string().optional().describe('Source of the method: paper, section.'),
    requires: z
      .record(z.string(), z.string())
      .optional()
      .describe('Plugins that its node types come from, by their npm name, each with the version that it was saved with. It changes no result.'),
    ...wiring,
    subgraphs: z.record(nodeId, subgraph).optional(),
    layout: layout.optional(),
  })
  .describe('A Stillroom graph.');

/** Fails to compile where the schema lets pass what the types do not. */
export const asDocument = (value: z.output<typeof graphSchema>): GraphDocument => value;

/** The JSON Schema of graph documents, for editors and other programs. */
export function graphJsonSchema(): Record<string, unknown> {
  return { title: 'Stillroom graph', ...z.toJSONSchema(graphSchema, { io: 'input' }) };
}
