import type { WeightSpec } from './weight.ts';

/** A weight of a node as a run has left it: imported, fitted, kept or calibrated. */
export interface ExportedWeight {
  role: WeightSpec['role'];
  shape: readonly number[];
  /** Row-major. */
  data: Float32Array;
}

/** A node of the graph as it was run. */
export interface ExportedNode {
  /** Nodes inside a sub-graph are `instance/inner`. */
  id: string;
  type: string;
  title: string;
  params: Readonly<Record<string, unknown>>;
  /** By name; empty of a node that has none. */
  weights: Readonly<Record<string, ExportedWeight>>;
}

export interface FinishedCategory {
  name: string;
  /** What was measured, as `metrics.json` of the run has it. */
  metrics: Readonly<Record<string, unknown>>;
  /** Reads the nodes in the order in which they are computed; of equal ones, which are computed once, the first. */
  nodes(): Promise<readonly ExportedNode[]>;
}

/** A finished run. All of it are copies: what an exporter changes in them changes nothing. */
export interface FinishedRun {
  /** The name of its folder. */
  name: string;
  /** The graph document as it was run. */
  graph: Readonly<Record<string, unknown>>;
  /** All that the result depends on, as `manifest.json` of the run has it. */
  manifest: Readonly<Record<string, unknown>>;
  categories: readonly FinishedCategory[];
}

/** Where an export goes: a folder of its own, or one file. */
export interface ExportTarget {
  /**
   * Writes a file by its path in the export, with `/`. Throws `export-failed` where the path leads elsewhere or does not
   * end as the exporter says, and where there is room for one file and another was written; `disk-full`, `cannot-write`.
   */
  write(path: string, content: string | Uint8Array | readonly Uint8Array[]): Promise<void>;
}

/** Writes finished runs for other programs. Runs in a process of its own, where it may load what it needs. */
export interface Exporter {
  /** `<plugin>/<name>`; what `--as` names. */
  name: string;
  title: string;
  /** What it writes, in a sentence or two. */
  summary: string;
  /** How its files may end, such as `.onnx`. */
  extensions: readonly string[];
  export(run: FinishedRun, into: ExportTarget): Promise<void>;
}
