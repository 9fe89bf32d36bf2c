import type { GraphDocument } from '../graph/document.ts';
import type { Rendered, Rendering } from './rendering.ts';

/** What of a document is to be seen, on which images, with which weights. */
export interface PreviewTask {
  document: GraphDocument;
  /** Folder of the run whose fitted weights are used; null for weights as they start. */
  run: { folder: string; category?: string } | null;
  images: readonly { file: string; view: number }[];
  /** An output of a node, or an input: then what flows into it. */
  wanted: readonly { node: string; socket: string; as: Rendering }[];
}

/**
 * Whether a node computes with what it was fitted to: `fitted` in the run; `stale`, fitted when it or what comes before
 * it was another; `unfitted`, as it starts; `frozen`, imported. Null where it has no weights.
 */
export type WeightState = 'fitted' | 'stale' | 'unfitted' | 'frozen';

export interface PreviewAnswer {
  images: { file: string; view: number; views: number; size: { height: number; width: number } }[];
  /** What ran or was looked up, in the order of the graph. */
  nodes: Record<string, { weights: WeightState | null; milliseconds: number; computed: number; cached: number }>;
  /** Image after image, in each in the order of what was wanted. */
  values: {
    image: number;
    node: string;
    socket: string;
    type: string;
    shape: number[];
    stride?: number;
    rendered: Rendered;
  }[];
}
