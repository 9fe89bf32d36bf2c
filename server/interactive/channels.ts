import { rangeOf } from './histogram.ts';

export interface ChannelGrid {
  /** Grey, row-major, of `size`. */
  data: Uint8Array;
  size: { height: number; width: number };
  /** Numbers of the channels shown, row by row. */
  channels: number[];
  columns: number;
  tile: { height: number; width: number };
  /** Between two tiles, px. */
  gap: number;
}

const gap = 1;

/** Channels of features `[h, w, c]` beside one another, each from its own smallest value (black) to its largest (white). */
export function channelGrid(data: Float32Array, [height, width, count]: readonly [number, number, number], asked: { count: number; order: 'first' | 'strongest' }): ChannelGrid {
  const channels = (asked.order === 'first' ? [...new Array(count).keys()] : strongest(data, count)).slice(0, asked.count);
  const columns = Math.ceil(Math.sqrt(channels.length));
  const rows = Math.ceil(channels.length / columns);
  const size = { height: rows * (height + gap) - gap, width: columns * (width + gap) - gap };
  const out = new Uint8Array(size.height * size.width);
  for (const [i, channel] of channels.entries()) {
    const values = channelOf(data, count, channel);
    const { low, high } = rangeOf(values);
    const top = Math.floor(i / columns) * (height + gap);
    const left = (i % columns) * (width + gap);
    values.forEach((value, at) => {
      const place = (top + Math.floor(at / width)) * size.width + left + (at % width);
      out[place] = Number.isFinite(value) ? Math.round((255 * (value - low)) / (high - low || 1)) : 0;
    });
  }
  return { data: out, size, channels, columns, tile: { height, width }, gap };
}

export function meanOfChannels(data: Float32Array, count: number): Float32Array {
  return Float32Array.from({ length: data.length / count }, (_, at) => {
    let sum = 0;
    for (let c = 0; c < count; c++) sum += data[at * count + c]!;
    return sum / count;
  });
}

/** All channels, those of the largest mean magnitude first. */
function strongest(data: Float32Array, count: number): number[] {
  const strength = new Float64Array(count);
  data.forEach((value, i) => (strength[i % count]! += Math.abs(value)));
  return [...strength.keys()].sort((a, b) => strength[b]! - strength[a]! || a - b);
}

const channelOf = (data: Float32Array, count: number, channel: number): Float32Array =>
  Float32Array.from({ length: data.length / count }, (_, at) => data[at * count + channel]!);
