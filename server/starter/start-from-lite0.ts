import type { WeightSpec } from '../../plugins/sdk/index.ts';
import type { Values } from '../engine/program.ts';

/** Swish of β·x over β nears ReLU as β grows. At 4 the two differ by 0.07 at most, and gradients still pass below zero. */
const sharpness = 4;
/** What a gate of squeeze-and-excite begins as: nearly open, and still able to move. */
const gateBias = 3;
const gate = 1 / (1 + Math.exp(-gateBias));
/** Deviations of ImageNet's channels over Lite0's: the images come in normalised differently. */
const stemScale = [0.229 / 0.502, 0.224 / 0.502, 0.225 / 0.502];
/** Means likewise: what is left of Lite0's shift is constant and goes into the first batch-norm's mean. */
const stemShift = [(0.485 - 0.498) / 0.502, (0.456 - 0.498) / 0.502, (0.406 - 0.498) / 0.502];
const [lite0Epsilon, b0Epsilon] = [1e-3, 1e-5];

/**
 * Starting values for EfficientNet-B0 from EfficientNet-Lite0, with which B0 computes nearly what Lite0 does: the two
 * share their convolutions, and differ in swish for ReLU6, in the gates, in the input's scale and in batch-norm's ε.
 */
export function startFromLite0(spec: WeightSpec, lite0: ReadonlyMap<string, Values>): Float32Array | undefined {
  const { name, shape } = spec;
  if (name.endsWith('.se.conv_expand.weight')) return new Float32Array(shape.reduce((a, b) => a * b, 1));
  if (name.endsWith('.se.conv_expand.bias')) return new Float32Array(shape[0]!).fill(gateBias);
  const same = lite0.get(name);
  if (!same || same.shape.join() !== shape.join()) return undefined;
  return same.data.map(scaledLike(name, shape, lite0));
}

function scaledLike(name: string, shape: readonly number[], lite0: ReadonlyMap<string, Values>): (x: number, i: number) => number {
  if (name === 'conv_stem.weight') return (w, i) => w * stemScale[Math.floor(i / shape[3]!) % 3]!;
  if (name === 'bn1.running_mean') {
    const shift = stemResponse(lite0.get('conv_stem.weight')!);
    return (mean, channel) => mean - shift[channel]!;
  }
  if (name.endsWith('.running_var')) return (variance) => variance + lite0Epsilon - b0Epsilon;
  if (name.endsWith('.conv_dw.weight')) return (w) => w / sharpness;
  if (isProjection(name)) return (w) => w / sharpness / gate;
  if (isBeforeActivation(name)) return (x) => x * sharpness;
  return (x) => x;
}

/** The last convolution of a block; the first block, which does not expand, calls it otherwise. */
function isProjection(name: string): boolean {
  return name.endsWith('.conv_pwl.weight') || name === 'blocks.0.0.conv_pw.weight';
}

/** Scale and shift of a batch-norm with a swish after it: all but those of the projections. */
function isBeforeActivation(name: string): boolean {
  const isAffine = /(^|\.)bn[12]\.(weight|bias)$/.test(name);
  return isAffine && !name.startsWith('blocks.0.0.bn2.');
}

/** What the stem gives, channel by channel, for images that are `stemShift` everywhere. */
function stemResponse({ shape, data }: Values): Float32Array {
  const filters = shape[3]!;
  const response = new Float32Array(filters);
  data.forEach((w, i) => (response[i % filters]! += w * stemShift[Math.floor(i / filters) % 3]!));
  return response;
}
