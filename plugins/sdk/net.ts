/**
 * A network written once and read twice: symbolically (shapes, weights, multiply-adds; `SymbolicNet`) and in tensors
 * (`TensorNet`). So the shapes that `infer` promises are the shapes that `build` delivers.
 */
export type Activation = 'linear' | 'relu' | 'relu6' | 'swish' | 'sigmoid';

export interface NetSettings {
  /** `torch`: explicit and symmetric, (kernel − 1) / 2 on each side. `same`: TensorFlow's SAME. They differ at strides. */
  padding: 'torch' | 'same';
  /** Batch-norm's ε: 1e-5 for torchvision's networks, 1e-3 for TensorFlow's and their ports. */
  epsilon: number;
  /** Share of the old moving average that a step keeps; PyTorch's momentum 0.1 is 0.9 here. */
  momentum: number;
  /** Trainable from random weights, or frozen with imported ones. */
  trainable: boolean;
}

export interface ConvSpec {
  /** State-dict name of the convolution: its kernel is `<name>.weight`, its bias `<name>.bias`. */
  name: string;
  /** Output channels; for a depthwise convolution those of the input. */
  filters: number;
  /** Side of the square kernel, px. */
  kernel: number;
  stride?: number;
  depthwise?: boolean;
  activation?: Activation;
}

export interface ConvBatchNormSpec extends ConvSpec {
  /** State-dict name of the batch-norm: `<name>.weight`, `.bias`, `.running_mean`, `.running_var`. */
  norm: string;
}

/** Operations on one value `[h, w, C]` (batched when in tensors). */
export interface Net<X> {
  readonly settings: NetSettings;
  /** Height, width and channels of a value. */
  size(x: X): readonly [number, number, number];
  /** Convolution with bias. */
  conv(x: X, spec: ConvSpec): X;
  /** Convolution without bias, batch-norm, activation; outside training folded into one convolution. */
  convBatchNorm(x: X, spec: ConvBatchNormSpec): X;
  activation(x: X, kind: Activation): X;
  /** Max-pooling; pads with −∞. */
  maxPool(x: X, kernel: number, stride: number): X;
  /** Average pooling without padding. */
  avgPool(x: X, kernel: number, stride: number): X;
  /** Mean over positions, kept as `[1, 1, C]`. */
  globalAvgPool(x: X): X;
  add(a: X, b: X): X;
  /** Elementwise, `b` may be `[1, 1, C]`. */
  multiply(a: X, b: X): X;
  /** Bilinear, half-pixel centres. */
  resize(x: X, height: number, width: number): X;
}
