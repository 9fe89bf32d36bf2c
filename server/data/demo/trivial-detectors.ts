/**
 * Detectors that know nothing but statistics of pixels: what a learned detector must clearly beat for its figures to
 * mean something. The demo set's difficulty was set by them, and their figures are printed beside every demo run.
 */
export interface TrivialDetector {
  name: string;
  title: string;
  /** Anomaly map, row by row, and its maximum; `image` is interleaved RGB, 0–255, of the size fitted on. */
  score(image: Uint8Array): { map: Float32Array; score: number };
}

/** Side of the patches whose statistics are taken, and the step between them, px. */
const PATCH = 16;
const STEP = 8;

/** Deviation of the Gaussian that smooths the distance to the mean image, px. */
const SMOOTHING = 4;

/** Levels of each channel that a local colour histogram tells apart. */
const LEVELS = 4;

/** Fits every trivial detector to sound images: interleaved RGB, 0–255, all of one size of at least 16×16. */
export function fitTrivial(images: readonly Uint8Array[], width: number, height: number): TrivialDetector[] {
  if (images.length === 0) throw new RangeError('expected at least one training image, found none');
  const wrong = images.find((image) => image.length !== width * height * 3);
  if (wrong) throw new RangeError(`expected ${width * height * 3} values per image, found ${wrong.length}`);
  return [
    meanImage(images, width, height),
    ofPatches('local-statistics', 'local mean, deviation and gradient energy', images, width, height, patchStatistics, mahalanobis),
    ofPatches('colour-histogram', 'local colour histogram', images, width, height, colourHistograms, chiSquare),
  ];
}

/** Distance of each pixel to the mean training image, in deviations, over the channels; smoothed. */
function meanImage(images: readonly Uint8Array[], width: number, height: number): TrivialDetector {
  const { mean, deviation } = spread(images, width * height * 3, 1);
  return {
    name: 'mean-image',
    title: 'distance to the mean image',
    score(image) {
      const distance = new Float32Array(width * height);
      for (let i = 0; i < image.length; i++) {
        const z = (image[i]! - mean[i]!) / deviation[i]!;
        distance[Math.floor(i / 3)]! += (z * z) / 3;
      }
      return withMaximum(gaussian(distance.map(Math.sqrt), width, height, SMOOTHING));
    },
  };
}

type Describe = (image: Uint8Array, width: number, height: number) => Float32Array[];

interface Normal {
  mean: Float32Array;
  deviation: Float32Array;
}

/** Describes each patch, and scores it by its distance from what training patches, wherever they lay, are like. */
function ofPatches(
  name: string,
  title: string,
  images: readonly Uint8Array[],
  width: number,
  height: number,
  describe: Describe,
  distance: (patch: Float32Array, normal: Normal) => number,
): TrivialDetector {
  const patches = images.flatMap((image) => describe(image, width, height));
  const normal = spread(patches, patches[0]!.length, 1e-6);
  return {
    name,
    title,
    score(image) {
      const distances = Float32Array.from(describe(image, width, height), (patch) => distance(patch, normal));
      return withMaximum(spreadOverPixels(distances, width, height));
    },
  };
}

/** Mean of ((x − mean) / deviation)² over the features: a Gaussian with a diagonal covariance. */
function mahalanobis(patch: Float32Array, { mean, deviation }: Normal): number {
  return patch.reduce((sum, x, i) => sum + ((x - mean[i]!) / deviation[i]!) ** 2, 0) / patch.length;
}

/** ½ Σ (p − q)² / (p + q) to the mean histogram: 0 equal, 1 disjoint. */
function chiSquare(patch: Float32Array, { mean }: Normal): number {
  return patch.reduce((sum, p, i) => sum + (p + mean[i]! > 0 ? (p - mean[i]!) ** 2 / (p + mean[i]!) / 2 : 0), 0);
}

/** Mean, deviation and mean squared gradient of each channel: nine numbers per patch. */
function patchStatistics(image: Uint8Array, width: number, height: number): Float32Array[] {
  return eachPatch(width, height, (left, top) => {
    const statistics = new Float32Array(9);
    for (let channel = 0; channel < 3; channel++) {
      let sum = 0;
      let squares = 0;
      let energy = 0;
      for (let y = top; y < top + PATCH; y++) {
        for (let x = left; x < left + PATCH; x++) {
          const at = (y * width + x) * 3 + channel;
          const value = image[at]!;
          sum += value;
          squares += value * value;
          const right = x + 1 < width ? image[at + 3]! - value : 0;
          const down = y + 1 < height ? image[at + 3 * width]! - value : 0;
          energy += right * right + down * down;
        }
      }
      const count = PATCH * PATCH;
      const mean = sum / count;
      statistics[channel] = mean;
      statistics[3 + channel] = Math.sqrt(Math.max(0, squares / count - mean * mean));
      statistics[6 + channel] = energy / count;
    }
    return statistics;
  });
}

/** Share of a patch's pixels in each of 4×4×4 boxes of RGB. */
function colourHistograms(image: Uint8Array, width: number, height: number): Float32Array[] {
  const box = new Uint8Array(width * height);
  for (let pixel = 0; pixel < box.length; pixel++) {
    for (let i = pixel * 3; i < pixel * 3 + 3; i++) box[pixel] = box[pixel]! * LEVELS + ((image[i]! * LEVELS) >> 8);
  }
  return eachPatch(width, height, (left, top) => {
    const histogram = new Float32Array(LEVELS ** 3);
    for (let y = top; y < top + PATCH; y++) {
      for (let x = left; x < left + PATCH; x++) histogram[box[y * width + x]!]! += 1 / (PATCH * PATCH);
    }
    return histogram;
  });
}

function eachPatch<T>(width: number, height: number, describe: (left: number, top: number) => T): T[] {
  const patches: T[] = [];
  for (let top = 0; top + PATCH <= height; top += STEP) {
    for (let left = 0; left + PATCH <= width; left += STEP) patches.push(describe(left, top));
  }
  return patches;
}

/** Bilinear between the patches' middles, constant beyond the outermost. */
function spreadOverPixels(distances: Float32Array, width: number, height: number): Float32Array {
  const columns = Math.floor((width - PATCH) / STEP) + 1;
  const rows = Math.floor((height - PATCH) / STEP) + 1;
  const map = new Float32Array(width * height);
  const place = (position: number, last: number): [number, number] => {
    const at = Math.min(last, Math.max(0, (position + 0.5 - PATCH / 2) / STEP));
    const low = Math.min(Math.floor(at), Math.max(0, last - 1));
    return [low, at - low];
  };
  for (let y = 0; y < height; y++) {
    const [row, down] = place(y, rows - 1);
    for (let x = 0; x < width; x++) {
      const [column, right] = place(x, columns - 1);
      const at = row * columns + column;
      const next = columns > 1 ? 1 : 0;
      const below = rows > 1 ? columns : 0;
      const upper = distances[at]! * (1 - right) + distances[at + next]! * right;
      const lower = distances[at + below]! * (1 - right) + distances[at + below + next]! * right;
      map[y * width + x] = upper * (1 - down) + lower * down;
    }
  }
  return map;
}

/** Mean and deviation of each of `length` values over the rows; a deviation is at least `least`. */
function spread(rows: readonly ArrayLike<number>[], length: number, least: number): Normal {
  const sum = new Float64Array(length);
  const squares = new Float64Array(length);
  for (const row of rows) {
    for (let i = 0; i < length; i++) {
      sum[i]! += row[i]!;
      squares[i]! += row[i]! * row[i]!;
    }
  }
  const mean = Float32Array.from(sum, (s) => s / rows.length);
  const deviation = Float32Array.from(squares, (s, i) => {
    const m = sum[i]! / rows.length;
    return Math.max(least, Math.sqrt(Math.max(0, s / rows.length - m * m)));
  });
  return { mean, deviation };
}

/** Separable Gaussian, cut at four deviations; the border pixels repeat. */
function gaussian(map: Float32Array, width: number, height: number, deviation: number): Float32Array {
  const radius = Math.ceil(4 * deviation);
  const kernel = Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * deviation ** 2)));
  const total = kernel.reduce((a, b) => a + b, 0);
  const along = (source: Float32Array, stepX: number, stepY: number): Float32Array => {
    const out = new Float32Array(source.length);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let sum = 0;
        for (let k = -radius; k <= radius; k++) {
          const px = Math.min(width - 1, Math.max(0, x + k * stepX));
          const py = Math.min(height - 1, Math.max(0, y + k * stepY));
          sum += kernel[k + radius]! * source[py * width + px]!;
        }
        out[y * width + x] = sum / total;
      }
    }
    return out;
  };
  return along(along(map, 1, 0), 0, 1);
}

function withMaximum(map: Float32Array): { map: Float32Array; score: number } {
  return { map, score: map.reduce((highest, value) => Math.max(highest, value), -Infinity) };
}
