import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { createRandom } from '../../../plugins/sdk/random.ts';

const side = 64;
const blot = { left: 20, top: 24, width: 16, height: 12 };

/** A category in MVTec AD layout, 64×64 px: ten good images to train on, three good and three with a black blot to test on. */
export async function writeTinyCategory(folder: string): Promise<void> {
  for (let i = 0; i < 10; i++) await writeImage(join(folder, 'train', 'good', `${i}.png`), false);
  for (let i = 0; i < 3; i++) {
    await writeImage(join(folder, 'test', 'good', `${i}.png`), false);
    await writeImage(join(folder, 'test', 'blot', `${i}.png`), true);
    await writeMask(join(folder, 'ground_truth', 'blot', `${i}_mask.png`));
  }
}

export async function writeImage(file: string, hasBlot: boolean): Promise<void> {
  const { uniform } = createRandom('tiny', file.split('/').slice(-3).join('/'));
  const grey = Uint8Array.from({ length: side * side }, (_, i) => 128 + 60 * Math.sin(i / 3) + 20 * uniform());
  if (hasBlot) forBlot((at) => (grey[at] = 5));
  await writePng(file, grey);
}

/** A mask that marks the blot, in a size of its own if need be. */
export async function writeMask(file: string, size = side): Promise<void> {
  const grey = new Uint8Array(size * size);
  forBlot((at) => (grey[at] = 255));
  await writePng(file, grey, size);
}

function forBlot(paint: (at: number) => void): void {
  const { left, top, width, height } = blot;
  for (let y = top; y < top + height; y++) for (let x = left; x < left + width; x++) paint(y * side + x);
}

async function writePng(file: string, grey: Uint8Array, size = side): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  await sharp(grey, { raw: { width: size, height: size, channels: 1 } }).toColourspace('b-w').png().toFile(file);
}

interface GraphFile {
  nodes: Record<string, { type: string; version: number; params?: Record<string, unknown> }>;
  edges: { from: string; to: string }[];
}

/** The shallow model on 64×64 px, with two epochs in batches of four, and what a test does to it. */
export function writeTinyGraph(file: string, change: (graph: GraphFile) => void = () => {}): string {
  const graph = JSON.parse(readFileSync(new URL('../../../graphs/shallow.json', import.meta.url), 'utf8')) as GraphFile & { $schema?: string };
  delete graph.$schema;
  graph.nodes['resize-crop']!.params = { resize: [side, side], crop: [side, side] };
  Object.assign(graph.nodes['fit-shallow']!.params!, { epochs: 2, batch: 4 });
  change(graph);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(graph));
  return file;
}
