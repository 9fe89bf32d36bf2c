import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { Activation, ConvBatchNormSpec, ConvSpec, Net, NetSettings } from './net.ts';
import type { BuildEnv, Mode, Tensor, Weight } from './node.ts';
import { resizeBilinear } from './resize.ts';

/**
 * TensorFlow 2.21 with oneDNN on AVX-512 writes past the end of the gradient for a strided 1×1 kernel of fewer input
 * channels than this: the heap is spoilt, the process dies some time later. What such a kernel skips is left out before it.
 */
const fewChannels = 16;

/** Runs a network in tensors `[N, h, w, C]`. */
export class TensorNet implements Net<Tensor4D> {
  readonly settings: NetSettings;
  readonly #env: BuildEnv;
  readonly #training: boolean;

  constructor(env: BuildEnv, settings: NetSettings, mode: Mode) {
    this.#env = env;
    this.settings = settings;
    this.#training = mode.training && settings.trainable;
  }

  size(x: Tensor4D): readonly [number, number, number] {
    return [x.shape[1], x.shape[2], x.shape[3]];
  }

  conv(x: Tensor4D, spec: ConvSpec): Tensor4D {
    const y = this.#env.tf.add(
      this.#convolve(x, this.#weight(`${spec.name}.weight`).read(), spec),
      this.#weight(`${spec.name}.bias`).read(),
    );
    return this.activation(y as Tensor4D, spec.activation ?? 'linear');
  }

  convBatchNorm(x: Tensor4D, spec: ConvBatchNormSpec): Tensor4D {
    const y = this.#training ? this.#normalised(x, spec) : this.#folded(x, spec);
    return this.activation(y, spec.activation ?? 'linear');
  }

  activation(x: Tensor4D, kind: Activation): Tensor4D {
    const { tf, kernels } = this.#env;
    switch (kind) {
      case 'linear':
        return x;
      case 'relu':
        return kernels.relu(x) as Tensor4D;
      case 'relu6':
        return tf.relu6(x);
      case 'sigmoid':
        return tf.sigmoid(x);
      case 'swish':
        return tf.mul(x, tf.sigmoid(x));
    }
  }

  maxPool(x: Tensor4D, kernel: number, stride: number): Tensor4D {
    const pad = (kernel - 1) >> 1;
    // A zero would win over negative values: PyTorch pads with −∞.
    const padded = pad ? this.#env.tf.pad(x, spatial(pad), -3.4e38) : x;
    return this.#env.tf.maxPool(padded, kernel, stride, 'valid');
  }

  avgPool(x: Tensor4D, kernel: number, stride: number): Tensor4D {
    return this.#env.tf.avgPool(x, kernel, stride, 'valid');
  }

  globalAvgPool(x: Tensor4D): Tensor4D {
    return this.#env.tf.mean(x, [1, 2], true);
  }

  add(a: Tensor4D, b: Tensor4D): Tensor4D {
    return this.#env.tf.add(a, b);
  }

  multiply(a: Tensor4D, b: Tensor4D): Tensor4D {
    return this.#env.tf.mul(a, b);
  }

  resize(x: Tensor4D, height: number, width: number): Tensor4D {
    return resizeBilinear(this.#env.tf, x, height, width);
  }

  #normalised(x: Tensor4D, spec: ConvBatchNormSpec): Tensor4D {
    const { tf, kernels } = this.#env;
    const y = this.#convolve(x, this.#weight(`${spec.name}.weight`).read(), spec);
    const { value, mean, variance } = kernels.batchNormTraining(
      y,
      this.#weight(`${spec.norm}.weight`).read(),
      this.#weight(`${spec.norm}.bias`).read(),
      this.settings.epsilon,
    );
    const { momentum } = this.settings;
    for (const [name, now] of [['running_mean', mean], ['running_var', variance]] as const) {
      const average = this.#weight(`${spec.norm}.${name}`);
      average.assign(tf.add(tf.mul(average.read(), momentum), tf.mul(now, 1 - momentum)));
    }
    return value as Tensor4D;
  }

  /** Batch-norm with fixed statistics is an affine map of the channels: scale the kernel, shift the result. */
  #folded(x: Tensor4D, spec: ConvBatchNormSpec): Tensor4D {
    const { tf } = this.#env;
    const read = (part: string): Tensor => this.#weight(`${spec.norm}.${part}`).read();
    const scale = tf.div(read('weight'), tf.sqrt(tf.add(read('running_var'), this.settings.epsilon)));
    const shift = tf.sub(read('bias'), tf.mul(read('running_mean'), scale));
    const perOutput = spec.depthwise ? tf.reshape(scale, [1, 1, -1, 1]) : scale;
    const kernel = tf.mul(this.#weight(`${spec.name}.weight`).read(), perOutput);
    return tf.add(this.#convolve(x, kernel, spec), shift);
  }

  #convolve(x: Tensor4D, kernel: Tensor, { kernel: side, stride = 1, depthwise }: ConvSpec): Tensor4D {
    const { tf } = this.#env;
    if (side === 1 && stride > 1 && !depthwise && x.shape[3] < fewChannels) {
      return tf.conv2d(tf.avgPool(x, 1, stride, 'same'), kernel as Tensor4D, 1, 'same');
    }
    const pad = (side - 1) >> 1;
    // At stride 1 SAME pads both sides alike, as PyTorch does; at strides it does not.
    const explicit = this.settings.padding === 'torch' && stride > 1 && pad > 0;
    const padded = explicit ? tf.pad(x, spatial(pad)) : x;
    const padding = explicit ? 'valid' : 'same';
    return depthwise
      ? tf.depthwiseConv2d(padded, kernel as Tensor4D, stride, padding)
      : tf.conv2d(padded, kernel as Tensor4D, stride, padding);
  }

  #weight(name: string): Weight {
    const weight = this.#env.weights[name];
    if (!weight) throw new Error(`the network uses a weight "${name}" that it did not declare`);
    return weight;
  }
}

function spatial(pad: number): [number, number][] {
  return [[0, 0], [pad, pad], [pad, pad], [0, 0]];
}
