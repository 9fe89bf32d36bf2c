import protobuf from 'protobufjs/light.js';

/** Node of the graph whose value is `a` times `b`. */
export const product = 'product';

/**
 * A SavedModel (tag `serve`) of one matrix product, `a` `[n,n]` times `b` `[n,n]`, bound to a device (`/device:GPU:0`):
 * TensorFlow refuses to run it where it has no such device. Field numbers are those of `tensorflow/core/protobuf`.
 */
export function proofGraph(device: string): Uint8Array {
  const type = { key: 'T', value: { type: float32 } };
  const dtype = { key: 'dtype', value: { type: float32 } };
  const node = [
    { name: 'a', op: 'Placeholder', attr: [dtype] },
    { name: 'b', op: 'Placeholder', attr: [dtype] },
    { name: product, op: 'MatMul', input: ['a', 'b'], device, attr: [type] },
  ];
  const model = { schemaVersion: 1, metaGraphs: [{ metaInfo: { tags: ['serve'] }, graph: { node } }] };
  return SavedModel.encode(SavedModel.create(model)).finish();
}

const float32 = 1;

const field = (type: string, id: number, repeated = false) => ({ type, id, ...(repeated ? { rule: 'repeated' } : {}) });
const SavedModel = protobuf.Root.fromJSON({
  nested: {
    AttrValue: { fields: { type: field('int32', 6) } },
    Attr: { fields: { key: field('string', 1), value: field('AttrValue', 2) } },
    Node: {
      fields: {
        name: field('string', 1),
        op: field('string', 2),
        input: field('string', 3, true),
        device: field('string', 4),
        attr: field('Attr', 5, true),
      },
    },
    Graph: { fields: { node: field('Node', 1, true) } },
    MetaInfo: { fields: { tags: field('string', 4, true) } },
    MetaGraph: { fields: { metaInfo: field('MetaInfo', 1), graph: field('Graph', 2) } },
    SavedModel: { fields: { schemaVersion: field('int64', 1), metaGraphs: field('MetaGraph', 2, true) } },
  },
}).lookupType('SavedModel');
