import sharp from 'sharp';

/** A picture of where a detector looks: the image, and beside it the map over the image with the mask's outline. */
export interface OverlaySource {
  /** RGB 0–1, `[height, width, 3]`, as the network sees it. */
  image: Float32Array;
  /** Anomaly map `[height, width]`. */
  map: Float32Array;
  mask: Uint8Array | null;
  height: number;
  width: number;
}

/** Values of the map that are drawn as nothing and as the hottest colour; the same for all images of a category. */
export interface Scale {
  low: number;
  high: number;
}

/** From the middle of all values to near their top, so that normal texture stays clear. */
export function scaleOf(maps: readonly Float32Array[]): Scale {
  const sample: number[] = [];
  for (const map of maps) for (let i = 0; i < map.length; i += 97) sample.push(map[i]!);
  sample.sort((a, b) => a - b);
  const at = (share: number): number => sample[Math.floor(share * (sample.length - 1))] ?? 0;
  const low = at(0.5);
  return { low, high: Math.max(at(0.995), low + 1e-12 * Math.max(1, Math.abs(low))) };
}

export async function overlayPng({ image, map, mask, height, width }: OverlaySource, { low, high }: Scale): Promise<Buffer> {
  const both = Buffer.alloc(height * width * 2 * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const heat = Math.min(1, Math.max(0, (map[i]! - low) / (high - low)));
      const colour = mask && isOutline(mask, x, y, width, height) ? [1, 1, 1] : blend(image, i, heat);
      for (let c = 0; c < 3; c++) {
        both[(y * width * 2 + x) * 3 + c] = byte(image[i * 3 + c]!);
        both[(y * width * 2 + width + x) * 3 + c] = byte(colour[c]!);
      }
    }
  }
  return sharp(both, { raw: { width: width * 2, height, channels: 3 } }).png().toBuffer();
}

function blend(image: Float32Array, i: number, heat: number): number[] {
  const hot = inferno(heat);
  const opacity = 0.75 * Math.sqrt(heat);
  return hot.map((value, c) => value * opacity + image[i * 3 + c]! * (1 - opacity));
}

const stops = [
  [0.0, 0.0, 0.02],
  [0.34, 0.06, 0.43],
  [0.73, 0.22, 0.33],
  [0.98, 0.55, 0.04],
  [0.99, 1.0, 0.64],
] as const;

/** Matplotlib's inferno in five stops. */
function inferno(t: number): number[] {
  const at = t * (stops.length - 1);
  const i = Math.min(stops.length - 2, Math.floor(at));
  return [0, 1, 2].map((c) => stops[i]![c]! + (at - i) * (stops[i + 1]![c]! - stops[i]![c]!));
}

function isOutline(mask: Uint8Array, x: number, y: number, width: number, height: number): boolean {
  if (!mask[y * width + x]) return false;
  return (
    [[x - 1, y], [x + 1, y], [x, y - 1], [x, y + 1]] as const
  ).some(([nx, ny]) => nx < 0 || ny < 0 || nx >= width || ny >= height || !mask[ny * width + nx]);
}

const byte = (value: number): number => Math.round(255 * Math.min(1, Math.max(0, value)));
