import sharp from 'sharp';
import { StillroomError, type HostTensor, type SocketTypeDefinition } from '../../plugins/sdk/index.ts';
import { npyHeader } from '../predict/npy-header.ts';
import { coloursOf, paletteOf, type ColourMap } from '../runs/colour-maps.ts';
import { channelGrid, meanOfChannels } from './channels.ts';
import { histogramOf, rangeOf } from './histogram.ts';
import { principalColours } from './principal.ts';
import type { Picture, Range, Rendered, Rendering } from './rendering.ts';

type Kind = Rendering['kind'];

/**
 * A value of one sample as it is to be shown; `preview` is how its socket type is looked at. Throws `cannot-be-shown` where a value of its shape cannot be shown so.
 */
export async function rendered(value: HostTensor, preview: SocketTypeDefinition['preview'], asked: Rendering, place: { node: string; socket: string }): Promise<Rendered> {
  const as: Rendering = asked.kind === 'auto' ? usual(preview, value, asked.colours) : asked;
  const [height = 1, width = 1, channels = 1] = value.shape;
  const isPicture = value.shape.length === 3;
  const refuse = (needed: string): never => refused(as.kind, needed, value, place);
  switch (as.kind) {
    case 'image': {
      if (!isPicture || channels !== 3) return refuse('[height, width, 3]');
      const range = withinUnit(rangeOf(value.data));
      return { kind: 'image', picture: await png(bytesOf(value.data, range), height, width, 3), range };
    }
    case 'channels': {
      if (!isPicture) return refuse('[height, width, channels]');
      const grid = channelGrid(value.data, [height, width, channels], as);
      const { data, size, ...facts } = grid;
      return { kind: 'channels', picture: await png(data, size.height, size.width, 1), ...facts };
    }
    case 'pca': {
      if (!isPicture) return refuse('[height, width, channels]');
      const { data, explained } = principalColours(value.data, channels);
      return { kind: 'pca', picture: await png(data, height, width, 3), explained };
    }
    case 'mean': {
      if (!isPicture) return refuse('[height, width, channels]');
      const mean = meanOfChannels(value.data, channels);
      const range = rangeOf(mean);
      return { kind: 'mean', picture: await coloured(mean, height, width, range, as.colours), range, colours: coloursOf(as.colours ?? usualColours) };
    }
    case 'map': {
      if (!isPicture || channels !== 1) return refuse('[height, width, 1]');
      const found = rangeOf(value.data);
      const range = { low: as.low ?? found.low, high: as.high ?? found.high };
      return { kind: 'map', picture: await coloured(value.data, height, width, range, as.colours), range, colours: coloursOf(as.colours ?? usualColours) };
    }
    case 'histogram':
      return { kind: 'histogram', ...histogramOf(value.data, as.bins) };
    case 'score':
      return value.data.length === 1 ? { kind: 'score', score: value.data[0]! } : refuse('one number');
    default:
      return { kind: 'raw', picture: npy(value) };
  }
}

/** As the socket type is looked at, where the value is of such a shape; a viewer of the editor is not of this process. */
function usual(preview: SocketTypeDefinition['preview'], { shape }: HostTensor, colours: ColourMap | undefined): Rendering {
  const [, , channels = 1] = shape;
  if (preview === 'histogram') return { kind: 'histogram', bins: 64 };
  if (shape.length === 3) {
    if (preview === 'image' && channels === 3) return { kind: 'image' };
    if (preview === 'map') return channels === 1 ? { kind: 'map', colours } : { kind: 'mean', colours };
  }
  if (shape.length === 3) return channels === 1 ? { kind: 'map', colours } : { kind: 'channels', count: 16, order: 'strongest' };
  return shape.length === 0 ? { kind: 'score' } : { kind: 'histogram', bins: 64 };
}

function refused(kind: Kind, needed: string, { shape }: HostTensor, place: { node: string; socket: string }): never {
  throw new StillroomError('cannot-be-shown', `expected a value of ${needed} to show as "${kind}", found [${shape.join(', ')}]`, {
    ...place,
    hint: 'ask for another kind of picture, or for "raw"',
  });
}

/** Pixels that are 0–1, as images are once decoded, are shown as they are. */
const withinUnit = ({ low, high }: Range): Range => (low >= 0 && high <= 1 ? { low: 0, high: 1 } : { low, high });

function bytesOf(data: Float32Array, range: Range): Uint8Array {
  const out = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) out[i] = Math.round(255 * placeIn(data[i]!, range));
  return out;
}

/** 0–1; what is no number is drawn as the least. */
function placeIn(value: number, { low, high }: Range): number {
  const place = (value - low) / (high - low || 1);
  return Number.isNaN(place) ? 0 : Math.min(1, Math.max(0, place));
}

const usualColours: ColourMap = 'inferno';

export function coloured(data: Float32Array, height: number, width: number, range: Range, colours: ColourMap = usualColours): Promise<Picture> {
  const palette = paletteOf(colours).map((colour) => colour.map(Math.round));
  const out = new Uint8Array(data.length * 3);
  for (let i = 0; i < data.length; i++) out.set(palette[Math.round(255 * placeIn(data[i]!, range))]!, 3 * i);
  return png(out, height, width, 3);
}

/** Small pictures, soon looked at: little time is spent on making them smaller. */
export async function png(data: Uint8Array, height: number, width: number, channels: 1 | 3): Promise<Picture> {
  const bytes = await sharp(data, { raw: { width, height, channels } }).png({ compressionLevel: 3 }).toBuffer();
  return { media: 'image/png', bytes, size: { height, width } };
}

function npy({ shape, data }: HostTensor): Picture {
  const bytes = Buffer.concat([npyHeader(shape), new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]);
  return { media: 'application/octet-stream', bytes };
}
