import type { Threshold } from '../../plugins/sdk/index.ts';
import type { MapFormat } from '../predict/map-file.ts';
import type { Failure, Prediction } from '../predict/prediction.ts';

/** Images to score with a finished run. */
export interface PredictTask {
  run: { folder: string; category?: string };
  /** Each with the number that its map is kept under. */
  files: readonly { index: number; file: string }[];
  /** Where what is needed to draw their maps is kept. */
  keep: string;
}

/** What is told of an image. */
export type PredictedRow = Omit<Prediction, 'map' | 'saturated'> | Failure;

export interface PredictAnswer {
  graph: string;
  category: string;
  /** The result whose verdict is the run's; null where its graph gives none. */
  verdict: string | null;
  /** What verdicts go by, by result. */
  thresholds: Record<string, Omit<Threshold, 'observed'>>;
  /** The result whose map is kept; null where the graph gives none. */
  map: string | null;
  cautions: string[];
}

/** The map of an image that was scored, to be written into a file. */
export interface MapTask {
  run: PredictTask['run'];
  keep: string;
  /** Number of the image. */
  index: number;
  format: MapFormat;
  /** Where it is written. */
  to: string;
}

export interface MapAnswer {
  scale: { low: number; high: number } | null;
}
