import type { Size } from '../../plugins/sdk/index.ts';
import { StillroomError } from '../../plugins/sdk/index.ts';
import { readSafetensorsContent, writeSafetensors } from '../weights/safetensors.ts';
import type { StateDict } from '../weights/state-dict.ts';

/** Features of training images at one value of the graph, to find the most alike among. */
export interface Patches {
  /** Height and width of the grid that they were taken from. */
  grid: Size;
  channels: number;
  /** How many positions the training images have; of these so many as are here were drawn at random, each as likely. */
  total: number;
  /** Of each patch: the view, counted over all training images, and its position in the grid, row by row. */
  views: Float32Array;
  cells: Float32Array;
  /** Of length 1, one after another. */
  vectors: Float32Array;
}

/** What a run's normal images are like to its frozen and its fitted networks. */
export interface Normality {
  /** Of the run that it was learnt in. */
  identity: string;
  /** Training images in the order that their views are counted in. */
  images: readonly { path: string; height: number; width: number }[];
  /** By the name of the value. */
  patches: ReadonlyMap<string, Patches>;
  /** Of maps that are made of features, by the name of the value: quantiles 0, 0.001, …, 1 of the values on validation images. */
  levels: ReadonlyMap<string, Float32Array>;
  /** Which images the levels are of. */
  levelsOf: 'validation' | 'train';
}

export const normalityFile = 'normal.safetensors';
/** Bytes that the patches of one category take at most, where nothing else is said. */
export const usualPatchBytes = 32 * 2 ** 20;
/** Quantiles of a map's values. */
export const levelCount = 1001;

const description =
  'What normal images are like, for "why here?". NAME/patches [n, C]: features of training images at NAME, of length 1; NAME/views, NAME/cells [n]: ' +
  'where each comes from, as numbers of a view over all images of "images", and of a position of "grids", row by row. ' +
  'NAME/levels [1001]: quantiles of a map over the images that "levelsOf" names.';

/** Written whole or not at all. Throws `disk-full`, `cannot-write`. */
export async function writeNormality(file: string, { identity, images, patches, levels, levelsOf }: Normality): Promise<void> {
  const tensors: StateDict = new Map();
  for (const [name, { channels, views, cells, vectors }] of patches) {
    tensors.set(`${name}/patches`, { shape: [views.length, channels], data: vectors });
    tensors.set(`${name}/views`, { shape: [views.length], data: views });
    tensors.set(`${name}/cells`, { shape: [cells.length], data: cells });
  }
  for (const [name, data] of levels) tensors.set(`${name}/levels`, { shape: [data.length], data });
  const grids = Object.fromEntries([...patches].map(([name, { grid, total }]) => [name, { grid, total }]));
  await writeSafetensors(file, tensors, { identity, description, levelsOf, images: JSON.stringify(images), grids: JSON.stringify(grids) });
}

/** Null where the file is not there, is damaged, or was written by another run. */
export async function readNormality(file: string, identity: string): Promise<Normality | null> {
  const content = await readSafetensorsContent(file).catch((error: unknown) => {
    if (error instanceof StillroomError) return null;
    throw error;
  });
  if (content?.metadata['identity'] !== identity) return null;
  const { tensors, metadata } = content;
  const grids = JSON.parse(metadata['grids']!) as Record<string, { grid: Size; total: number }>;
  const patches = Object.entries(grids).map(([name, about]): [string, Patches] => {
    const { shape, data: vectors } = tensors.get(`${name}/patches`)!;
    return [name, { ...about, channels: shape[1]!, vectors, views: tensors.get(`${name}/views`)!.data, cells: tensors.get(`${name}/cells`)!.data }];
  });
  const ending = '/levels';
  const levels = [...tensors].flatMap(([name, { data }]) => (name.endsWith(ending) ? [[name.slice(0, -ending.length), data] as const] : []));
  return {
    identity,
    images: JSON.parse(metadata['images']!) as Normality['images'],
    patches: new Map(patches),
    levels: new Map(levels),
    levelsOf: metadata['levelsOf'] as Normality['levelsOf'],
  };
}

/** The share of a map's values on normal images that are no larger than a value, 0–1. */
export function shareAtOrBelow(levels: Float32Array, value: number): number {
  let [low, high] = [0, levels.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (levels[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, (low - 1) / (levels.length - 1));
}

/** The median of a map's values on normal images. */
export const usualOf = (levels: Float32Array): number => levels[(levels.length - 1) / 2]!;
