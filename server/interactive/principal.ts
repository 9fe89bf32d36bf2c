/** Positions that the directions are found from; all are shown in them. */
const mostPositions = 2048;
const rounds = 30;

/**
 * Features `[positions, channels]` as colours: how far each position lies along the three directions in which the
 * channels vary most (principal components), each scaled to 0–255 over the positions; and which share of all variance
 * each direction has. A direction points to where its largest coefficient is positive, so that colours do not flip.
 */
export function principalColours(data: Float32Array, channels: number): { data: Uint8Array; explained: number[] } {
  const positions = data.length / channels;
  const mean = meanOf(data, channels);
  const stride = Math.max(1, Math.ceil(positions / mostPositions));
  const sample = centred(data, channels, mean, stride);
  const { directions, variances } = leading(sample, channels, Math.min(3, channels));
  const total = sample.reduce((sum, value) => sum + value * value, 0) / (sample.length / channels);
  const out = new Uint8Array(positions * 3);
  for (const [k, direction] of directions.entries()) {
    const along = Float64Array.from({ length: positions }, (_, at) => {
      let sum = 0;
      for (let c = 0; c < channels; c++) sum += (data[at * channels + c]! - mean[c]!) * direction[c]!;
      return sum;
    });
    const [low, high] = [along.reduce((a, b) => Math.min(a, b)), along.reduce((a, b) => Math.max(a, b))];
    along.forEach((value, at) => (out[at * 3 + k] = high > low ? Math.round((255 * (value - low)) / (high - low)) : 0));
  }
  return { data: out, explained: variances.map((variance) => (total > 0 ? variance / total : 0)) };
}

function meanOf(data: Float32Array, channels: number): Float64Array {
  const mean = new Float64Array(channels);
  data.forEach((value, i) => (mean[i % channels]! += value));
  return mean.map((sum) => sum / (data.length / channels));
}

/** Every `stride`-th position, less the mean. */
function centred(data: Float32Array, channels: number, mean: Float64Array, stride: number): Float64Array {
  const count = Math.ceil(data.length / channels / stride);
  return Float64Array.from({ length: count * channels }, (_, i) => {
    const c = i % channels;
    return data[Math.floor(i / channels) * stride * channels + c]! - mean[c]!;
  });
}

/** Orthogonal iteration: the covariance is applied to a few directions at once, and never written out. */
function leading(sample: Float64Array, channels: number, wanted: number): { directions: Float64Array[]; variances: number[] } {
  const positions = sample.length / channels;
  let directions = orthonormal(Array.from({ length: wanted }, (_, k) => start(channels, k)));
  let variances: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const turned = directions.map(() => new Float64Array(channels));
    for (let at = 0; at < positions; at++) {
      const row = sample.subarray(at * channels, (at + 1) * channels);
      for (const [k, direction] of directions.entries()) {
        let along = 0;
        for (let c = 0; c < channels; c++) along += row[c]! * direction[c]!;
        const into = turned[k]!;
        for (let c = 0; c < channels; c++) into[c]! += along * row[c]!;
      }
    }
    variances = directions.map((direction, k) => dot(direction, turned[k]!) / positions);
    directions = orthonormal(turned);
  }
  return { directions: directions.map(pointed), variances };
}

/** Directions to begin with, none of them along an axis, the same each time. */
const start = (channels: number, k: number): Float64Array => Float64Array.from({ length: channels }, (_, c) => Math.cos((c + 1) * (k + 1) * 0.7) + 0.1);

/** Gram–Schmidt, twice, against rounding; a direction that nothing is left of is zero. */
function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const done: Float64Array[] = [];
  for (const vector of vectors) {
    const out = vector.slice();
    const before = Math.sqrt(dot(out, out));
    for (let pass = 0; pass < 2; pass++) {
      for (const other of done) {
        const share = dot(out, other);
        for (let c = 0; c < out.length; c++) out[c]! -= share * other[c]!;
      }
    }
    const length = Math.sqrt(dot(out, out));
    done.push(length > 1e-9 * before ? out.map((value) => value / length) : out.fill(0));
  }
  return done;
}

function pointed(direction: Float64Array): Float64Array {
  const largest = direction.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  return largest < 0 ? direction.map((value) => -value) : direction;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
