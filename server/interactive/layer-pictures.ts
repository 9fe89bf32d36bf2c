import type { HostTensor } from '../../plugins/sdk/index.ts';
import { StillroomError } from '../../plugins/sdk/index.ts';
import { unit } from '../why/gap.ts';
import { meanOfChannels } from './channels.ts';
import { rangeOf } from './histogram.ts';
import { principalColours } from './principal.ts';
import { coloured, png } from './rendered.ts';
import type { LayerAnswer, LayerKind } from './why-task.ts';

/**
 * Two features `[h, w, C]` of one place in colours that mean the same in both, and their difference. Throws
 * `cannot-be-compared` where their shapes differ.
 */
export async function layerPictures(teacher: HostTensor, student: HostTensor, kind: LayerKind, node: string): Promise<Omit<LayerAnswer, 'shown'>> {
  const [height = 0, width = 0, channels = 0] = teacher.shape;
  if (teacher.shape.join() !== student.shape.join()) {
    throw new StillroomError('cannot-be-compared', `expected features of one shape, found [${teacher.shape.join(', ')}] and [${student.shape.join(', ')}]`, { node });
  }
  const [a, b] = kind === 'mean' ? [teacher.data, student.data] : [unitLength(teacher.data, channels), unitLength(student.data, channels)];
  const gap = kind === 'mean' ? meanDistance(a, b, channels) : halfSquared(a, b, channels);
  const gapRange = { low: 0, high: rangeOf(gap).high };
  const difference = await coloured(gap, height, width, gapRange);
  if (kind === 'pca') {
    const both = new Float32Array(a.length * 2);
    both.set(a);
    both.set(b, a.length);
    const { data } = principalColours(both, channels);
    const half = data.length / 2;
    return { teacher: await png(data.slice(0, half), height, width, 3), student: await png(data.slice(half), height, width, 3), difference, range: null, gapRange };
  }
  const means = [meanOfChannels(a, channels), meanOfChannels(b, channels)] as const;
  const ranges = means.map(rangeOf);
  const range = { low: Math.min(...ranges.map(({ low }) => low)), high: Math.max(...ranges.map(({ high }) => high)) };
  return { teacher: await coloured(means[0], height, width, range), student: await coloured(means[1], height, width, range), difference, range, gapRange };
}

function unitLength(data: Float32Array, channels: number): Float32Array {
  const out = new Float32Array(data.length);
  for (let at = 0; at < data.length; at += channels) out.set(unit(data.subarray(at, at + channels)), at);
  return out;
}

/** Mean over channels of how far two features are apart. */
function meanDistance(a: Float32Array, b: Float32Array, channels: number): Float32Array {
  return meanOfChannels(a.map((value, i) => Math.abs(value - b[i]!)), channels);
}

/** ½‖a − b‖², which is 1 − cosine for features of length 1. */
function halfSquared(a: Float32Array, b: Float32Array, channels: number): Float32Array {
  return meanOfChannels(a.map((value, i) => (value - b[i]!) ** 2), channels).map((mean) => (mean * channels) / 2);
}
