import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js';
import type { Kernels, Tensor, Tf } from '../../plugins/sdk/index.ts';
import { createRandom } from '../../plugins/sdk/random.ts';
import type { Engine } from './load.ts';

interface Attribute {
  name: string;
  type: number;
  value: boolean | number | string | number[];
}

/** TensorFlow kernels that tfjs does not reach by itself, as ordinary tfjs ops with gradients. */
export function createKernels({ tf, backend }: Pick<Engine, 'tf' | 'backend'>): Kernels {
  const { run, attributes } = ops(backend);
  return {
    batchNormTraining: (x, scale, offset, epsilon) => batchNormTraining(tf, run, attributes, x, scale, offset, epsilon),
    relu: (x) => relu(tf, run, attributes, x),
    uniform: (shape, seed, salt) => draw(tf, run, attributes, 'StatelessRandomUniform', shape, seed, salt),
    normal: (shape, seed, salt) => draw(tf, run, attributes, 'StatelessRandomNormal', shape, seed, salt),
  };
}

type Run = (op: string, attributes: Attribute[], inputs: Tensor[], outputs: number) => Tensor[];

function ops(backend: NodeJSKernelBackend): { run: Run; attributes: Attributes } {
  return {
    run: (op, attributes, inputs, outputs) =>
      backend.executeMultipleOutputs(op, attributes as never, inputs as never, outputs) as unknown as Tensor[],
    attributes: attributesOf(backend),
  };
}

interface Attributes {
  type(name: string, value: 'float32' | 'int32'): Attribute;
  float(name: string, value: number): Attribute;
  bool(name: string, value: boolean): Attribute;
  string(name: string, value: string): Attribute;
}

function attributesOf({ binding }: NodeJSKernelBackend): Attributes {
  return {
    type: (name, value) => ({
      name,
      type: binding.TF_ATTR_TYPE,
      value: value === 'float32' ? binding.TF_FLOAT : binding.TF_INT32,
    }),
    float: (name, value) => ({ name, type: binding.TF_ATTR_FLOAT, value }),
    bool: (name, value) => ({ name, type: binding.TF_ATTR_BOOL, value }),
    string: (name, value) => ({ name, type: binding.TF_ATTR_STRING, value }),
  };
}

/** `mean` and `variance` carry no gradient. */
function batchNormTraining(
  tf: Tf,
  run: Run,
  { type, float, bool, string }: Attributes,
  x: Tensor,
  scale: Tensor,
  offset: Tensor,
  epsilon: number,
): { value: Tensor; mean: Tensor; variance: Tensor } {
  const common = [
    type('T', 'float32'),
    type('U', 'float32'),
    float('epsilon', epsilon),
    string('data_format', 'NHWC'),
    bool('is_training', true),
  ];
  const statistics: Tensor[] = [];
  const normalise = tf.customGrad((...given) => {
    const [x, scale, offset] = given as Tensor[];
    const save = given[3] as (tensors: Tensor[]) => void;
    // Averages of its own the kernel would update are not asked for: empty.
    const none = tf.tensor1d([], 'float32');
    const attributes = [...common, float('exponential_avg_factor', 1)];
    const [y, mean, variance, ...reserved] = run('FusedBatchNormV3', attributes, [x!, scale!, offset!, none, none], 6);
    save([x!, scale!, ...reserved]);
    // A custom gradient has one result; the others are carried past the scope that closes behind it.
    statistics.push(tf.keep(mean!), tf.keep(variance!));
    return {
      value: y!,
      gradFunc: (dy, saved) => run('FusedBatchNormGradV3', common, [dy as Tensor, ...saved], 5).slice(0, 3),
    };
  });
  const value = normalise(x, scale, offset);
  const [mean, variance] = statistics.map((kept) => {
    const scoped = tf.clone(kept);
    kept.dispose();
    return scoped;
  });
  return { value, mean: mean!, variance: variance! };
}

function relu(tf: Tf, run: Run, { type }: Attributes, x: Tensor): Tensor {
  return tf.customGrad((...given) => {
    const y = tf.relu(given[0] as Tensor);
    (given[1] as (tensors: Tensor[]) => void)([y]);
    return { value: y, gradFunc: (dy, saved) => run('ReluGrad', [type('T', 'float32')], [dy as Tensor, saved[0]!], 1) };
  })(x);
}

/**
 * The seed is hashed by Philox before the salt comes in, so that neighbouring seeds and salts do not meet:
 * seed 5 with salt 1 and seed 6 with salt 0 are unrelated streams.
 */
function draw(
  tf: Tf,
  run: Run,
  { type }: Attributes,
  op: 'StatelessRandomUniform' | 'StatelessRandomNormal',
  shape: readonly number[],
  seed: Tensor,
  salt: number,
): Tensor {
  return tf.tidy(() => {
    const integers = [type('dtype', 'int32'), type('T', 'int32'), type('Tseed', 'int32')];
    const [hashed] = run('StatelessRandomUniformFullInt', integers, [tf.tensor1d([2], 'int32'), seed], 1);
    const key = tf.add(hashed!, tf.tensor1d(spread(salt), 'int32'));
    const floats = [type('dtype', 'float32'), type('T', 'int32'), type('Tseed', 'int32')];
    return run(op, floats, [tf.tensor1d([...shape], 'int32'), key], 1)[0]!;
  });
}

function spread(salt: number): [number, number] {
  const random = createRandom('salt', salt);
  return [random.integer(2 ** 32) | 0, random.integer(2 ** 32) | 0];
}
