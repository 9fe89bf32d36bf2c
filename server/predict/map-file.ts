import { isAbsolute, join, parse, relative, resolve } from 'node:path';
import sharp from 'sharp';
import { StillroomError, type Size } from '../../plugins/sdk/index.ts';
import type { SinkPlan } from '../compiler/plan.ts';
import { writeFileAtomically } from '../atomic-file.ts';
import { inOriginal, type ValueMap } from '../data/in-original.ts';
import { sizeWithin, wholeAt } from '../data/original.ts';
import { longestDrawnSide, overlayPng } from '../runs/overlay.ts';
import type { FinishedRun } from './finished-run.ts';
import { mapName } from './map-name.ts';
import { npyHeader } from './npy-header.ts';
import type { ScoredImage } from './score-images.ts';

export const mapFormats = ['png', 'png16', 'npy'] as const;
export type MapFormat = (typeof mapFormats)[number];

/** Draws maps of one result of a run into files. */
export interface MapDrawer {
  /** The result whose map is written. */
  result: string;
  format: MapFormat;
  /** The values that the ends of the scale stand for, the same for all images; null where values are written as they are. */
  scale: { low: number; high: number } | null;
  /** Gives how many pixels lie beyond the scale, where that is known. */
  draw(file: string, image: ScoredImage): Promise<number | void>;
}

export interface MapWriter extends Omit<MapDrawer, 'draw'> {
  write(image: ScoredImage): Promise<{ file: string; saturated?: number }>;
}

/** Name under which a graph reports its own map. */
const own = 'localisation';

/** The result whose map is the run's: its localisation, or the first map; none where the graph gives none. */
export function mapSinkOf({ plan }: FinishedRun): SinkPlan | undefined {
  const maps = plan.predict.sinks.filter(({ kind }) => kind === 'map');
  return maps.find(({ name }) => name === own) ?? maps[0];
}

/**
 * Maps in the original images' coordinates: `png`, a picture as in run folders; `png16`, values of 16 bits on one scale
 * for all images, 0 where nothing was inspected; `npy`, float32 as they are, NaN there.
 * Throws `no-map`, `no-map-scale`.
 */
export function mapDrawer(run: FinishedRun, format: MapFormat, given: MapDrawer['scale']): MapDrawer {
  const sink = mapSinkOf(run);
  if (!sink) throw new StillroomError('no-map', 'expected a run whose graph gives a map, found none', { file: run.folder, hint: 'leave out --maps' });
  const scale = format === 'npy' ? null : (given ?? scaleFor(run, sink, format));
  return { result: sink.name, format, scale, draw: (file, image) => writers[format](file, image, sink, scale ?? { low: 0, high: 1 }) };
}

/** Writes maps into a folder, each where its image lies. Throws as `mapDrawer` does. */
export function mapWriter(run: FinishedRun, folder: string, format: MapFormat, given: MapDrawer['scale']): MapWriter {
  const { draw, ...about } = mapDrawer(run, format, given);
  return {
    ...about,
    async write(image) {
      const file = join(folder, mapName(insidePath(image.file), format === 'npy' ? 'npy' : 'png'));
      const saturated = await draw(file, image);
      return { file, ...(saturated === undefined ? {} : { saturated }) };
    },
  };
}

/** Pictures are scaled as in the run; values keep twice its range, since new images may be worse. */
function scaleFor({ folder, scale }: FinishedRun, sink: SinkPlan, format: MapFormat): { low: number; high: number } {
  if (scale?.result !== sink.name) {
    throw new StillroomError('no-map-scale', 'expected a run that tells how its maps are scaled, found one of an older version', {
      file: folder,
      hint: 'name the scale: --map-scale LOW,HIGH; or write the values as they are: --map-format npy',
    });
  }
  if (format === 'png') return { low: scale.low, high: scale.high };
  const low = Math.min(0, scale.smallest);
  return { low, high: low + 2 * (scale.largest - low || 1) };
}

type Write = (file: string, image: ScoredImage, sink: SinkPlan, scale: { low: number; high: number }) => Promise<number | void>;

const writers: Record<MapFormat, Write> = {
  async png(file, image, sink, scale) {
    const size = sizeWithin([image.pixels.height, image.pixels.width], longestDrawnSide);
    const map = inOriginal(mapOf(image, sink), image.inspection(sink), size);
    const picture = await overlayPng({ image: wholeAt(image.pixels, size), map, mask: null, size }, scale);
    await writeFileAtomically(file, (handle) => handle.writeFile(picture));
  },

  async png16(file, image, sink, { low, high }) {
    const size: Size = [image.pixels.height, image.pixels.width];
    const map = inOriginal(mapOf(image, sink), image.inspection(sink), size);
    const values = new Uint16Array(map.length);
    let saturated = 0;
    for (const [i, value] of map.entries()) {
      if (Number.isNaN(value)) continue;
      const level = 1 + Math.round(((value - low) / (high - low)) * 65534);
      if (level < 1 || level > 65535) saturated++;
      values[i] = Math.min(65535, Math.max(1, level));
    }
    const description = `stillroom map "${sink.name}": value = ${low} + (level - 1) * ${(high - low) / 65534}; level 0 = not inspected`;
    const picture = await sharp(values, { raw: { width: size[1], height: size[0], channels: 1 } })
      .toColourspace('grey16')
      .withExif({ IFD0: { ImageDescription: description } })
      .png()
      .toBuffer();
    await writeFileAtomically(file, (handle) => handle.writeFile(picture));
    return saturated;
  },

  /** Band by band: the map of a large image is not held whole in its coordinates. */
  async npy(file, image, sink) {
    const size: Size = [image.pixels.height, image.pixels.width];
    const map = mapOf(image, sink);
    const rows = Math.max(1, Math.floor(2 ** 20 / size[1]));
    await writeFileAtomically(file, async (handle) => {
      await handle.write(npyHeader(size));
      for (let from = 0; from < size[0]; from += rows) {
        const band = inOriginal(map, image.inspection(sink), size, { from, to: Math.min(size[0], from + rows) });
        await handle.write(new Uint8Array(band.buffer));
      }
    });
  },
};

function mapOf({ values }: ScoredImage, sink: SinkPlan): ValueMap {
  const { shape, data } = values.get(sink)!;
  return { data, size: [shape[0]!, shape[1]!] };
}

/** Where a map lies in its folder: as its image lies from here, or from the root where that is not below here. */
function insidePath(file: string): string {
  const absolute = resolve(file);
  const fromHere = relative(process.cwd(), absolute);
  if (fromHere !== '' && !fromHere.startsWith('..') && !isAbsolute(fromHere)) return fromHere;
  return absolute.slice(parse(absolute).root.length);
}
