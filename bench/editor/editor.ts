import type { BrowserContext, Page } from 'playwright-core';
import type { GraphDocument } from '../../server/graph/document.ts';
import type { PictureOfGraph } from './peers/graph.ts';

export interface Graph {
  document: GraphDocument;
  /** The same, for editors that know nothing of documents. */
  picture: PictureOfGraph;
}

/** An editor that is measured. */
export interface Editor {
  name: string;
  /** Selectors: all that moves, one node in it, one wire. */
  area: string;
  node: string;
  wire: string;
  /** Selector of what stands for all nodes and wires where they are too small to be drawn by themselves. */
  picture?: string;
  /** Lets a browser in. */
  enter?(context: BrowserContext): Promise<unknown>;
  /** Where a graph is opened, and from which address the page fetches it. */
  open(graph: Graph): Promise<{ address: string; data: string }>;
  /** The place of a node near the middle on the screen, where it is not in the page. */
  pictured?(page: Page): Promise<{ x: number; y: number }>;
  /** Has all of the graph in view. */
  showAll(page: Page): Promise<unknown>;
  /** Has the middle of the graph in view, at 1:1. */
  showAtReading(page: Page): Promise<unknown>;
}
