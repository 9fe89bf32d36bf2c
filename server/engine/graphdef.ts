import protobuf from 'protobufjs/light.js';

/** The part of TensorFlow's SavedModel that a replayed program needs; field numbers as in TensorFlow's .proto files. */
export interface NodeDef {
  name: string;
  op: string;
  /** `node`, `node:2` for its third output, `^node` for a control dependency. */
  input: string[];
  /** Where it has to run, such as `/device:GPU:0`; TensorFlow's choice where absent. */
  device?: string;
  attr: Record<string, AttrValue>;
}

export interface AttrValue {
  list?: { i?: number[]; f?: number[]; b?: boolean[]; shape?: TensorShape[] };
  s?: Uint8Array;
  i?: number;
  f?: number;
  b?: boolean;
  type?: number;
  shape?: TensorShape;
  tensor?: { dtype: number; tensorShape: TensorShape; tensorContent: Uint8Array };
}

export interface TensorShape {
  dim: { size: number }[];
}

export const tensorShape = (shape: readonly number[]): TensorShape => ({ dim: shape.map((size) => ({ size })) });

const packed = { options: { packed: true } };

const root = protobuf.Root.fromJSON({
  nested: {
    SavedModel: {
      fields: {
        savedModelSchemaVersion: { type: 'int64', id: 1 },
        metaGraphs: { rule: 'repeated', type: 'MetaGraphDef', id: 2 },
      },
    },
    MetaGraphDef: {
      fields: { metaInfoDef: { type: 'MetaInfoDef', id: 1 }, graphDef: { type: 'GraphDef', id: 2 } },
    },
    MetaInfoDef: {
      fields: { metaGraphVersion: { type: 'string', id: 1 }, tags: { rule: 'repeated', type: 'string', id: 4 } },
    },
    GraphDef: {
      fields: { node: { rule: 'repeated', type: 'NodeDef', id: 1 }, versions: { type: 'VersionDef', id: 4 } },
    },
    VersionDef: { fields: { producer: { type: 'int32', id: 1 } } },
    NodeDef: {
      fields: {
        name: { type: 'string', id: 1 },
        op: { type: 'string', id: 2 },
        input: { rule: 'repeated', type: 'string', id: 3 },
        device: { type: 'string', id: 4 },
        attr: { keyType: 'string', type: 'AttrValue', id: 5 } as protobuf.IMapField,
      },
    },
    AttrValue: {
      fields: {
        list: { type: 'ListValue', id: 1 },
        s: { type: 'bytes', id: 2 },
        i: { type: 'int64', id: 3 },
        f: { type: 'float', id: 4 },
        b: { type: 'bool', id: 5 },
        type: { type: 'int32', id: 6 },
        shape: { type: 'TensorShape', id: 7 },
        tensor: { type: 'TensorProto', id: 8 },
      },
      // A zero that is one of several must be written out, or the attribute would have no value.
      oneofs: { value: { oneof: ['list', 's', 'i', 'f', 'b', 'type', 'shape', 'tensor'] } },
    },
    ListValue: {
      fields: {
        i: { rule: 'repeated', type: 'int64', id: 3, ...packed },
        f: { rule: 'repeated', type: 'float', id: 4, ...packed },
        b: { rule: 'repeated', type: 'bool', id: 5, ...packed },
        shape: { rule: 'repeated', type: 'TensorShape', id: 7 },
      },
    },
    TensorShape: { fields: { dim: { rule: 'repeated', type: 'Dim', id: 2 } } },
    Dim: { fields: { size: { type: 'int64', id: 1 } } },
    TensorProto: {
      fields: {
        dtype: { type: 'int32', id: 1 },
        tensorShape: { type: 'TensorShape', id: 2 },
        tensorContent: { type: 'bytes', id: 4 },
      },
    },
  },
});

/** Marks the graph as a recent one, to which none of TensorFlow's rules for old graphs apply. */
const producer = 1882;

/** The bytes of `saved_model.pb` with one graph under the tag `serve`. */
export function encodeSavedModel(nodes: readonly NodeDef[]): Uint8Array {
  const graphDef = { node: nodes, versions: { producer } };
  const metaGraphs = [{ metaInfoDef: { metaGraphVersion: '1', tags: ['serve'] }, graphDef }];
  return root.lookupType('SavedModel').encode({ savedModelSchemaVersion: 1, metaGraphs }).finish();
}

/** The bytes of a GraphDef, as TensorBoard reads it. */
export function encodeGraphDef(nodes: readonly NodeDef[]): Uint8Array {
  return root.lookupType('GraphDef').encode({ node: nodes, versions: { producer } }).finish();
}
