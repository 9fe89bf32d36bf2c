import type { CheckedNode } from '../../compiler/check.ts';
import { encodeGraphDef, tensorShape, type AttrValue, type NodeDef } from '../../engine/graphdef.ts';

/** TensorFlow's number for float32. */
const float32 = 1;

/**
 * The wiring as TensorBoard draws graphs: a node for each node, its type as the operation, parameters as attributes,
 * shapes on the edges; instances of sub-graphs become scopes. The batch is left open (−1).
 */
export function wiringGraph(nodes: Iterable<CheckedNode>): Uint8Array {
  const known = new Map([...nodes].map((node) => [node.id, node]));
  return encodeGraphDef([...known.values()].map((node) => asNodeDef(node, known)));
}

function asNodeDef({ id, definition, params, inputs, outputs }: CheckedNode, known: ReadonlyMap<string, CheckedNode>): NodeDef {
  const shapes = Object.values(outputs).map(({ shape }) => tensorShape([-1, ...shape]));
  const input = Object.values(inputs).map(({ from, socket }) => {
    const place = Object.keys(known.get(from)?.outputs ?? {}).indexOf(socket);
    return place > 0 ? `${from}:${place}` : from;
  });
  const attr: Record<string, AttrValue> = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, { s: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)) }]),
  );
  if (shapes.length > 0) Object.assign(attr, { _output_shapes: { list: { shape: shapes } }, T: { type: float32 } });
  return { name: id, op: definition.type, input, attr };
}
