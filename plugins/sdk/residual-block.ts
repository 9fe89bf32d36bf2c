import type { Net } from './net.ts';

export interface ResidualBlockSpec {
  /** Prefix of the weights' names. */
  name: string;
  filters: number;
  /** Side of both kernels, px. */
  kernel: number;
  /** Of the first convolution and of the skip. */
  stride: number;
}

/**
 * He et al. 2016's basic block without its last ReLU: two convolutions with batch-norm, added to the input, which goes
 * through a 1×1 convolution where the shape changes. The sum may be negative.
 */
export function residualSum<X>(net: Net<X>, x: X, { name, filters, kernel, stride }: ResidualBlockSpec): X {
  const inner = net.convBatchNorm(x, {
    name: `${name}.conv1`,
    norm: `${name}.bn1`,
    filters,
    kernel,
    stride,
    activation: 'relu',
  });
  const outer = net.convBatchNorm(inner, { name: `${name}.conv2`, norm: `${name}.bn2`, filters, kernel });
  const same = stride === 1 && net.size(x)[2] === filters;
  const skip = same
    ? x
    : net.convBatchNorm(x, {
        name: `${name}.downsample.0`,
        norm: `${name}.downsample.1`,
        filters,
        kernel: 1,
        stride,
      });
  return net.add(outer, skip);
}
