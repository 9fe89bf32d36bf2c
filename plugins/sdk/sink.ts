import type { HostTensor } from './calibration.ts';

/** What is known of one test image when a sink looks at it. */
export interface Sample {
  /** Path relative to the dataset. */
  file: string;
  /** `good`, or the name of its defect. */
  defect: string;
  anomalous: boolean;
  /** 1 where defective, in the coordinates of the sink's map, row-major; null where the dataset has no mask for it. */
  mask: Uint8Array | null;
}

export interface Curve {
  name: string;
  x: { title: string; values: readonly number[] };
  y: { title: string; values: readonly number[] };
}

/** A table of a report. */
export interface ReportTable {
  /** What it tells, said above it. */
  title: string;
  /** A `share` is a fraction, 0–1, shown in percent. */
  columns: readonly { title: string; kind: 'text' | 'number' | 'share' }[];
  /** As many cells as there are columns; null where there is nothing to say. */
  rows: readonly (readonly (string | number | null)[])[];
}

/** A part of a report that a result adds: plain data, which reports and the workbench draw. */
export interface ReportSection {
  title: string;
  /** A paragraph each, in plain text. */
  text?: readonly string[];
  tables?: readonly ReportTable[];
  /** In any range, finite. */
  curves?: readonly Curve[];
}

/** A share of normal images, 0–1, and the range that holds it with 95 % confidence. */
export interface FalseAlarmRate {
  rate: number;
  low: number;
  high: number;
}

/** Where verdicts are divided, how that was found, and what it promises. */
export interface Threshold {
  /** A score at or above it is called anomalous. */
  value: number;
  /** How it follows from the scores of the validation images, in words. */
  rule: string;
  /** Validation images that it was learnt from. */
  images: number;
  /** How often a further normal image is called anomalous, at most: what validation images alone permit one to say. */
  promised: FalseAlarmRate;
  /** How often normal test images were; null where there are none. */
  observed: FalseAlarmRate | null;
}

/** What a sink says of a category. A metric that is undefined there (no defective image) is null, with the reason. */
export interface SinkReport {
  metrics: Record<string, number | null>;
  /** Why a metric is null, or what else must be known to read it. */
  notes: readonly string[];
  curves?: readonly Curve[];
  /** What else it has to tell of the category; one that is not of this form is left out, and a note says so. */
  sections?: readonly ReportSection[];
  /** Of a sink that gives verdicts. */
  threshold?: Threshold;
}

/** Where a prediction ends. */
export interface Sink {
  /** Name under which the result is reported: `detection` and `localisation` are the graph's own results. */
  name: string;
  kind: 'score' | 'map';
  /** Measures the sink's input over the test images of one category. `calibrated` are the node's calibrated weights. */
  evaluate(calibrated: Record<string, Float32Array>): {
    add(sample: Sample, value: HostTensor): void;
    finish(): SinkReport;
  };
}
