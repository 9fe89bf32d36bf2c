import { createRandom, type Random } from '../../../plugins/sdk/random.ts';

/** Mean of the colours of ImageNet's pixels, RGB 0–1. */
const mean = [0.485, 0.456, 0.406];
/**
 * Their principal axes and deviations along them. Source: Krizhevsky et al. 2012, section 4.1, the figures as published
 * with fb.resnet.torch.
 */
const axes = [
  [-0.5675, -0.5808, -0.5836],
  [0.7192, -0.0045, -0.6948],
  [0.4009, -0.814, 0.4203],
];
const deviations = [0.2175, 0.0188, 0.0045].map(Math.sqrt);

/** Pictures are drawn so many times larger, so that borders become as soft as a camera's. */
const finer = 2;
/** Smallest radius of a disc, px of the larger picture: smaller ones make more fine detail than photographs have. */
const smallest = 6;

/** Images of RGB 0–1, `[count, side, side, 3]`; after the mean is set, a few values lie just outside. */
export interface Images {
  count: number;
  side: number;
  data: Float32Array;
}

/**
 * Pictures of nothing with the statistics of photographs: discs of all sizes fallen over each other (dead leaves, whose
 * spectrum falls as photographs' does; Lee, Mumford & Huang 2001), in colours with the mean and covariance of ImageNet's
 * pixels. Always the same.
 */
export function naturalImages(count: number, side: number): Images {
  const random = createRandom('natural images');
  const size = side * side * 3;
  const data = new Float32Array(count * size);
  for (let i = 0; i < count; i++) drawInto(data.subarray(i * size, (i + 1) * size), side, random);
  setMean(data);
  return { count, side, data };
}

function drawInto(image: Float32Array, side: number, random: Random): void {
  const large = side * finer;
  const leafAt = new Int32Array(large * large).fill(-1);
  const colours: number[][] = [];
  // From the uppermost leaf down: what is covered stays.
  for (let bare = leafAt.length; bare > 0; ) {
    bare -= cover(leafAt, large, colours.length, random);
    colours.push(drawColour(random));
  }
  for (let y = 0; y < large; y++) {
    for (let x = 0; x < large; x++) {
      const colour = colours[leafAt[y * large + x]!]!;
      const at = (Math.floor(y / finer) * side + Math.floor(x / finer)) * 3;
      for (let c = 0; c < 3; c++) image[at + c]! += colour[c]! / finer ** 2;
    }
  }
}

/** Lets a disc fall on what is bare; the density of radii falls with their cube. Gives how many places it covers. */
function cover(leafAt: Int32Array, side: number, leaf: number, random: Random): number {
  const u = random.uniform();
  const radius = 1 / Math.sqrt((1 - u) / smallest ** 2 + u / side ** 2);
  const place = (): number => -radius + (side + 2 * radius) * random.uniform();
  const [cx, cy] = [place(), place()];
  let covered = 0;
  for (let y = Math.max(0, Math.ceil(cy - radius)); y < Math.min(side, cy + radius); y++) {
    const half = Math.sqrt(radius ** 2 - (y - cy) ** 2);
    for (let x = Math.max(0, Math.ceil(cx - half)); x < Math.min(side, cx + half); x++) {
      if (leafAt[y * side + x] !== -1) continue;
      leafAt[y * side + x] = leaf;
      covered++;
    }
  }
  return covered;
}

function drawColour(random: Random): number[] {
  const along = deviations.map((deviation) => deviation * random.normal());
  return mean.map((m, c) => Math.min(1, Math.max(0, m + axes.reduce((sum, axis, k) => sum + axis[c]! * along[k]!, 0))));
}

/** A few large leaves decide the mean of a few pictures; that of ImageNet is known. */
function setMean(data: Float32Array): void {
  for (let c = 0; c < 3; c++) {
    let sum = 0;
    for (let at = c; at < data.length; at += 3) sum += data[at]!;
    const shift = mean[c]! - sum / (data.length / 3);
    for (let at = c; at < data.length; at += 3) data[at]! += shift;
  }
}
