import type { Size } from '../../plugins/sdk/index.ts';
import type { SinkPlan } from '../compiler/plan.ts';

/** Height and width of what a sink is given: those of its images, or smaller where a graph leaves out to upsample. */
export function mapSize({ node, source }: SinkPlan): Size {
  const map = Object.values(node.inputSignals).find(({ type }) => type === 'map');
  return map ? [map.shape[0]!, map.shape[1]!] : source.geometry.size;
}

/** One value a pixel at another size, each pixel with the value of the nearest. */
export function atSize<T extends Float32Array | Uint8Array>(values: T, from: Size, to: Size): T {
  if (from.join() === to.join()) return values;
  const [height, width] = to;
  const nearest = (i: number, side: 0 | 1): number => Math.floor(((i + 0.5) * from[side]) / to[side]);
  const resized = new (values.constructor as new (length: number) => T)(height * width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) resized[y * width + x] = values[nearest(y, 0) * from[1] + nearest(x, 1)]!;
  }
  return resized;
}
