import type { Window } from '../data/resample.ts';
import type { Cell } from '../why/place.ts';
import type { Gap } from '../why/gap.ts';
import type { PredictTask } from './predict-task.ts';
import type { Picture, Range } from './rendering.ts';

/** Where to look: a pixel of an image, with a finished run. */
export interface WhyTask {
  run: PredictTask['run'];
  /** Folder of the run's images, to look at the normal ones where the run has not; null where it may not be read. */
  data: string | null;
  file: string;
  /** Name of a result; that of the run's map where absent. */
  result: string | undefined;
  /** Pixel, from the left and from above, from 0. */
  x: number;
  y: number;
  /** Size of the picture of the whole image that it is a pixel of; null where it is one of the image itself. */
  within: { height: number; width: number } | null;
  /** Normal patches to find for each teacher's feature, at most. */
  patches: number;
}

export interface WhyAnswer {
  category: string;
  /** Results that can be explained, by name. */
  results: string[];
  result: {
    name: string;
    kind: 'score' | 'map';
    /** The node whose map it is. */
    node: string;
    title: string;
    /** Of the map at the pixel. */
    value: number;
    /** What it would be there if every contribution had its median of normal images. */
    usual: number | null;
  };
  /** Of the image, px. */
  size: { height: number; width: number };
  /** Pixel of the image. */
  x: number;
  y: number;
  /** What the network sees of the image, px of the image. */
  inspected: Window;
  view: number;
  views: number;
  /** Which normal images "above normal" speaks of. */
  levelsOf: 'validation' | 'train' | null;
  /** Why nothing is known of normal images, where that is so. */
  unknown: string | null;
  contributions: WhyContribution[];
  modules: WhyModule[];
  nearest: WhyNearest[];
}

/** What the result would be at the pixel with something as it usually is on normal images. */
export interface Without {
  without: number;
  /** (value − without) / value: which share of the value goes; null where the value is 0. */
  effect: number | null;
}

export interface WhyContribution extends Partial<Without> {
  node: string;
  socket: string;
  title: string;
  /** Of its map. */
  grid: { height: number; width: number };
  cell: Cell;
  /** What the cell stands for, px of the image. */
  box: Window;
  /** Of its map, at the cell. */
  value: number;
  /** Its median on normal images, and the share of its values there that are no larger than this one; null where that was never learnt. */
  normal: { median: number; share: number } | null;
  /** The share of its values on this image that are no larger. */
  ownShare: number;
  /** Where the features come from; null where the node takes none of that kind. */
  teacher: { node: string; socket: string; title: string } | null;
  student: { node: string; socket: string; title: string } | null;
  /** Null where there is not one of each, or their channels differ. */
  gap: Gap | null;
}

export interface WhyModule extends Partial<Without> {
  node: string;
  socket: string;
  title: string;
  /** Of its map at the pixel. */
  value: number;
  /** Places among the contributions. */
  of: number[];
}

export interface WhyNearest {
  /** The teacher's feature that is compared. */
  node: string;
  socket: string;
  title: string;
  /** Patches that were compared, of so many in the training images. */
  kept: number;
  total: number;
  /** Nearest first; with the size of each one's image, px. */
  patches: { image: string; size: { height: number; width: number }; box: Window; distance: number }[];
}

/** How a teacher's and a student's features are shown beside one another. */
export const layerKinds = ['unit', 'mean', 'pca'] as const;
export type LayerKind = (typeof layerKinds)[number];

export interface LayerTask extends Pick<WhyTask, 'run' | 'file'> {
  view: number;
  /** The node that makes the map of both. */
  node: string;
  kind: LayerKind;
}

export interface LayerAnswer {
  /** Of the image that the network sees, px of the image. */
  shown: Window;
  teacher: Picture;
  student: Picture;
  difference: Picture;
  /** Of teacher and student; null where colours are directions. */
  range: Range | null;
  /** Of the difference. */
  gapRange: Range;
}
