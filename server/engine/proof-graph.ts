import { encodeSavedModel, type NodeDef } from './graphdef.ts';

/** Node of the graph whose value is `a` times `b`. */
export const product = 'product';

const float32 = { type: 1 };

/**
 * A SavedModel (tag `serve`) of one matrix product, `a` `[n,n]` times `b` `[n,n]`, bound to a device (`/device:GPU:0`):
 * TensorFlow refuses to run it where it has no such device.
 */
export function proofGraph(device: string): Uint8Array {
  const placeholder = (name: string): NodeDef => ({ name, op: 'Placeholder', input: [], attr: { dtype: float32 } });
  return encodeSavedModel([
    placeholder('a'),
    placeholder('b'),
    { name: product, op: 'MatMul', input: ['a', 'b'], device, attr: { T: float32 } },
  ]);
}
