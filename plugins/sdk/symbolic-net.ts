import type { Activation, ConvBatchNormSpec, ConvSpec, Net, NetSettings } from './net.ts';
import type { Cost } from './signal.ts';
import type { Initialiser, WeightSpec } from './weight.ts';

/** A value whose shape is known and whose numbers are not. */
export interface Symbol3 {
  readonly size: readonly [number, number, number];
  /** Pixels of the input image between neighbouring positions. */
  readonly stride: number;
}

/** Walks a network for its shapes, weights and cost. */
export class SymbolicNet implements Net<Symbol3> {
  readonly settings: NetSettings;
  readonly weights: WeightSpec[] = [];
  readonly cost: Cost = { parameters: 0, multiplyAdds: 0, activationBytes: 0 };

  constructor(settings: NetSettings) {
    this.settings = settings;
  }

  size(x: Symbol3): readonly [number, number, number] {
    return x.size;
  }

  conv(x: Symbol3, spec: ConvSpec): Symbol3 {
    const { fan } = this.#kernel(x, spec);
    this.#weight(`${spec.name}.bias`, [spec.filters], { kind: 'uniform', bound: 1 / Math.sqrt(fan) }, 'plain');
    return this.#convolved(x, spec);
  }

  convBatchNorm(x: Symbol3, spec: ConvBatchNormSpec): Symbol3 {
    this.#kernel(x, spec);
    const norm = (
      name: string,
      part: NonNullable<WeightSpec['normalises']>['part'],
      kind: 'zeros' | 'ones',
      trainedAs: 'trainable' | 'statistic',
    ): void => {
      this.#weight(`${spec.norm}.${name}`, [spec.filters], { kind }, 'plain', trainedAs, {
        convolution: spec.name,
        part,
        epsilon: this.settings.epsilon,
      });
    };
    norm('weight', 'scale', 'ones', 'trainable');
    norm('bias', 'shift', 'zeros', 'trainable');
    norm('running_mean', 'mean', 'zeros', 'statistic');
    norm('running_var', 'variance', 'ones', 'statistic');
    return this.#convolved(x, spec);
  }

  activation(x: Symbol3, _kind: Activation): Symbol3 {
    return this.#written(x.size, x.stride);
  }

  maxPool(x: Symbol3, kernel: number, stride: number): Symbol3 {
    return this.#pooled(x, kernel, stride, (kernel - 1) >> 1);
  }

  avgPool(x: Symbol3, kernel: number, stride: number): Symbol3 {
    return this.#pooled(x, kernel, stride, 0);
  }

  globalAvgPool(x: Symbol3): Symbol3 {
    return this.#written([1, 1, x.size[2]], x.stride * x.size[0]);
  }

  add(a: Symbol3, b: Symbol3): Symbol3 {
    if (a.size.join() !== b.size.join()) throw new RangeError(`cannot add ${a.size.join('×')} and ${b.size.join('×')}`);
    return this.#written(a.size, a.stride);
  }

  multiply(a: Symbol3, _b: Symbol3): Symbol3 {
    this.cost.multiplyAdds += a.size[0] * a.size[1] * a.size[2];
    return this.#written(a.size, a.stride);
  }

  resize(x: Symbol3, height: number, width: number): Symbol3 {
    return this.#written([height, width, x.size[2]], (x.stride * x.size[0]) / height);
  }

  #weight(
    name: string,
    shape: readonly number[],
    init: Initialiser,
    layout: WeightSpec['layout'],
    trainedAs: 'trainable' | 'statistic' = 'trainable',
    normalises?: WeightSpec['normalises'],
  ): void {
    const role = this.settings.trainable ? trainedAs : 'frozen';
    this.weights.push({ name, shape, init, layout, role, ...(normalises ? { normalises } : {}) });
    this.cost.parameters += shape.reduce((a, b) => a * b, 1);
  }

  #kernel(x: Symbol3, { name, filters, kernel, depthwise, activation }: ConvSpec): { fan: number } {
    const channels = x.size[2];
    // Fan-out where a ReLU follows a batch-norm, as torchvision initialises ResNets; groups divide it.
    const fanOut = depthwise ? kernel * kernel : kernel * kernel * filters;
    const fanIn = depthwise ? kernel * kernel : kernel * kernel * channels;
    const gain = activation === 'sigmoid' ? fanIn : fanOut;
    const shape = depthwise ? [kernel, kernel, channels, 1] : [kernel, kernel, channels, filters];
    this.#weight(`${name}.weight`, shape, { kind: 'kaiming', fan: gain }, depthwise ? 'depthwise' : 'kernel');
    return { fan: fanIn };
  }

  #convolved(x: Symbol3, { filters, kernel, stride = 1, depthwise }: ConvSpec): Symbol3 {
    const [h, w, channels] = x.size;
    const [height, width] = [strided(h, kernel, stride, this.settings.padding), strided(w, kernel, stride, this.settings.padding)];
    this.cost.multiplyAdds += height * width * filters * kernel * kernel * (depthwise ? 1 : channels);
    return this.#written([height, width, filters], x.stride * stride);
  }

  #pooled(x: Symbol3, kernel: number, stride: number, pad: number): Symbol3 {
    const [h, w, c] = x.size;
    const out = (n: number): number => Math.floor((n + 2 * pad - kernel) / stride) + 1;
    return this.#written([out(h), out(w), c], x.stride * stride);
  }

  #written(size: readonly [number, number, number], stride: number): Symbol3 {
    this.cost.activationBytes += 4 * size[0] * size[1] * size[2];
    return { size, stride };
  }
}

function strided(n: number, kernel: number, stride: number, padding: NetSettings['padding']): number {
  return padding === 'same' ? Math.ceil(n / stride) : Math.floor((n + 2 * ((kernel - 1) >> 1) - kernel) / stride) + 1;
}
