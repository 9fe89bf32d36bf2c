/** How a weight starts. Draws are seeded by run, node and weight name, so the order of building does not matter. */
export type Initialiser =
  | { kind: 'zeros' }
  | { kind: 'ones' }
  | { kind: 'constant'; value: number }
  /** Normal with this standard deviation. */
  | { kind: 'normal'; deviation: number }
  /** Kaiming: normal with deviation √(2 / fan), as PyTorch's `kaiming_normal_`. */
  | { kind: 'kaiming'; fan: number }
  /** Uniform in ±bound, as PyTorch's default for convolution weights and biases. */
  | { kind: 'uniform'; bound: number };

export interface WeightSpec {
  /** Unique in its node; for imported backbones the canonical state-dict key (`layer1.0.conv1.weight`). */
  name: string;
  /** Shape as tensors use it: convolution kernels `[kh, kw, in, out]`, depthwise `[kh, kw, channels, 1]`. */
  shape: readonly number[];
  /** How an imported array is laid out: PyTorch's OIHW for `kernel` and `depthwise`, as it is otherwise. */
  layout: 'kernel' | 'depthwise' | 'plain';
  /**
   * `trainable`: fitted by gradient. `frozen`: imported or fixed. `statistic`: moved by the node itself while it is
   * fitted (batch-norm's moving averages). `calibrated`: filled by the node's calibration pass.
   */
  role: 'trainable' | 'frozen' | 'statistic' | 'calibrated';
  init: Initialiser;
  /**
   * Of a batch-norm: the convolution it follows. Files that have batch-norm folded into that convolution carry a bias
   * there instead of the norm, which an import then makes an identity with that shift.
   */
  normalises?: {
    /** State-dict name of the convolution, without `.weight`. */
    convolution: string;
    part: 'scale' | 'shift' | 'mean' | 'variance';
    epsilon: number;
  };
}
