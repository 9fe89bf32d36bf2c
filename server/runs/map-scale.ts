import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { StillroomError } from '../../plugins/sdk/index.ts';
import { scaleOf } from './overlay.ts';

/** File of a category in which its scale is kept, so that later pictures can be compared with those of the run. */
export const mapScaleFile = 'map-scale.json';

const schema = z.object({
  /** Name of the result. */
  result: z.string(),
  /** The images it was learnt from. */
  images: z.enum(['test', 'validation', 'train']),
  /** Drawn as nothing, and as the hottest colour. */
  low: z.number(),
  high: z.number(),
  /** Of all values. */
  smallest: z.number(),
  largest: z.number(),
});

/** What values the map of a category has. */
export type MapScale = z.infer<typeof schema>;

/** `drawn` are maps as they are drawn, or samples of them; null where there are none. */
export function mapScaleOf(
  result: string,
  images: MapScale['images'],
  drawn: readonly Float32Array[],
  { smallest, largest }: Pick<MapScale, 'smallest' | 'largest'>,
): MapScale | null {
  if (drawn.length === 0) return null;
  const { low, high } = scaleOf(drawn);
  // Good images alone say where normal ends, not how far anomalies go.
  return { result, images, low, high: images === 'test' ? high : Math.max(high, low + 2 * (largest - low)), smallest, largest };
}

/** Null where the run has none. Throws `run-folder-corrupt`. */
export async function readMapScale(file: string): Promise<MapScale | null> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new StillroomError('run-folder-corrupt', 'expected the scale of a map, found something else', {
      file,
      hint: 'run the same command again on that folder',
      cause,
    });
  }
}
