import type { Random } from '../../plugins/sdk/index.ts';
import type { Texture, Textures } from './texture.ts';

type Colour = readonly [number, number, number];

/**
 * One picture of nothing: textured leaves of all sizes fallen over each other (a dead-leaves image, whose statistics
 * are near those of photographs), under uneven light, with thin lines, blur and noise. RGB 0–1, `[side, side, 3]`.
 */
export function drawImage(into: Float32Array, side: number, random: Random, textures: Textures): void {
  const palette = drawPalette(random);
  const leaf = (): Paint => drawPaint(random, textures, palette);
  fill(into, side, leaf());
  // Sometimes a bare texture, as of a surface in a factory; otherwise anything from a few leaves to many.
  const leaves = random.uniform() < 0.25 ? random.integer(4) : Math.round(8 * 20 ** random.uniform());
  for (let i = 0; i < leaves; i++) fallLeaf(into, side, random, leaf());
  const lines = random.uniform() < 0.4 ? random.integer(8) : 0;
  for (let i = 0; i < lines; i++) drawLine(into, side, random, leaf());
  if (random.uniform() < 0.4) blur(into, side);
  light(into, side, random);
}

/** Colours along a texture's value, from one to another. */
interface Paint {
  texture: Texture;
  from: Colour;
  to: Colour;
}

function drawPalette(random: Random): Colour[] {
  const spread = 0.15 + 0.85 * random.uniform();
  const centre = [random.uniform(), random.uniform(), random.uniform()] as const;
  const colourful = random.uniform() ** 2;
  return Array.from({ length: 5 }, () => {
    const brightness = spread * (random.uniform() - 0.5) * 1.4;
    const of = (c: number): number => {
      const mean = (centre[0] + centre[1] + centre[2]) / 3;
      const hue = colourful * (0.8 * (c - mean) + spread * 0.5 * (random.uniform() - 0.5));
      return Math.min(1, Math.max(0, mean + hue + brightness));
    };
    return [of(centre[0]), of(centre[1]), of(centre[2])] as const;
  });
}

function drawPaint(random: Random, textures: Textures, palette: readonly Colour[]): Paint {
  const one = (): Colour => palette[random.integer(palette.length)]!;
  const from = one();
  const flat = random.uniform() < 0.15;
  return { texture: flat ? () => 0 : textures.draw(random), from, to: flat ? from : one() };
}

function put(into: Float32Array, side: number, x: number, y: number, { texture, from, to }: Paint): void {
  const t = texture(x, y);
  const i = (y * side + x) * 3;
  for (let c = 0; c < 3; c++) into[i + c] = from[c]! + t * (to[c]! - from[c]!);
}

function fill(into: Float32Array, side: number, paint: Paint): void {
  for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) put(into, side, x, y, paint);
}

/** An ellipse, a box or a triangle, turned; small ones are many, as the density of radii falls with their cube. */
function fallLeaf(into: Float32Array, side: number, random: Random, paint: Paint): void {
  const [smallest, largest] = [5, side / 2];
  const u = random.uniform();
  const radius = 1 / Math.sqrt((1 - u) / smallest ** 2 + u / largest ** 2);
  const aspect = 0.3 + 0.7 * random.uniform();
  const angle = 2 * Math.PI * random.uniform();
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const [cx, cy] = [side * random.uniform(), side * random.uniform()];
  const shape = random.integer(3);
  const reach = radius * 1.5;
  for (let y = Math.max(0, Math.floor(cy - reach)); y < Math.min(side, cy + reach); y++) {
    for (let x = Math.max(0, Math.floor(cx - reach)); x < Math.min(side, cx + reach); x++) {
      const p = (c * (x - cx) + s * (y - cy)) / radius;
      const q = (c * (y - cy) - s * (x - cx)) / (radius * aspect);
      if (isInside(shape, p, q)) put(into, side, x, y, paint);
    }
  }
}

function isInside(shape: number, p: number, q: number): boolean {
  if (shape === 0) return p * p + q * q < 1;
  if (shape === 1) return Math.abs(p) < 0.9 && Math.abs(q) < 0.9;
  return q > -0.7 && Math.abs(p) < 0.5 * (1 - q);
}

function drawLine(into: Float32Array, side: number, random: Random, paint: Paint): void {
  let [x, y] = [side * random.uniform(), side * random.uniform()];
  let angle = 2 * Math.PI * random.uniform();
  const bend = 0.1 * random.uniform();
  const half = 0.4 + 1.4 * random.uniform();
  const length = side * (0.2 + random.uniform());
  for (let step = 0; step < length; step++) {
    for (let j = Math.ceil(y - half); j <= y + half; j++) {
      for (let i = Math.ceil(x - half); i <= x + half; i++) {
        if (i >= 0 && j >= 0 && i < side && j < side) put(into, side, i, j, paint);
      }
    }
    angle += bend * random.normal();
    x += Math.cos(angle);
    y += Math.sin(angle);
  }
}

/** Three by three, weights 1 2 1; the border stays. */
function blur(image: Float32Array, side: number): void {
  const row = side * 3;
  const across = image.slice();
  for (let i = 3; i < image.length - 3; i++) across[i] = (image[i - 3]! + 2 * image[i]! + image[i + 3]!) / 4;
  for (let i = row; i < image.length - row; i++) image[i] = (across[i - row]! + 2 * across[i]! + across[i + row]!) / 4;
}

/** A gradient of light, contrast, and a camera's noise. */
function light(image: Float32Array, side: number, random: Random): void {
  const [gx, gy] = [0.4 * (random.uniform() - 0.5), 0.4 * (random.uniform() - 0.5)];
  const contrast = 0.5 + 0.6 * random.uniform();
  const level = 0.25 + 0.5 * random.uniform();
  const noise = random.uniform() < 0.5 ? 0.03 * random.uniform() : 0;
  let seed = random.integer(2 ** 31) | 1;
  for (let y = 0, i = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const shade = 1 + gx * (x / side - 0.5) + gy * (y / side - 0.5);
      for (let c = 0; c < 3; c++, i++) {
        seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
        const grain = noise * (seed / 2 ** 30);
        image[i] = Math.min(1, Math.max(0, ((image[i]! - 0.5) * contrast + level) * shade + grain));
      }
    }
  }
}
