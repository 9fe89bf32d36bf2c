/** A graph as every editor that is measured is given it. */
export interface PictureOfGraph {
  nodes: { id: string; title: string; x: number; y: number; inputs: string[]; outputs: string[] }[];
  /** Ends are written `node.socket`. */
  wires: { from: string; to: string }[];
}

/** What the page's address asks for. */
export interface Wanted {
  graph: PictureOfGraph;
  /** Whether nodes have an input field. */
  hasField: boolean;
  /** Whether only what is in view is drawn, where the editor offers that. */
  isCulled: boolean;
}

/** What the measurement asks of a page. */
export interface Reach {
  showAll(): Promise<unknown>;
  /** The middle of the graph at 1:1. */
  showAtReading(): Promise<unknown>;
}

declare global {
  interface Window {
    reach: Reach;
  }
}

export async function wanted(): Promise<Wanted> {
  const query = new URLSearchParams(location.search);
  const response = await fetch(query.get('graph')!);
  return { graph: (await response.json()) as PictureOfGraph, hasField: query.has('field'), isCulled: query.has('culled') };
}

export function endOf(end: string): { node: string; socket: string } {
  const dot = end.indexOf('.');
  return { node: end.slice(0, dot), socket: end.slice(dot + 1) };
}

export function middleOf({ nodes }: PictureOfGraph): { x: number; y: number } {
  const [xs, ys] = [nodes.map(({ x }) => x), nodes.map(({ y }) => y)];
  return { x: (Math.min(...xs) + Math.max(...xs)) / 2, y: (Math.min(...ys) + Math.max(...ys)) / 2 };
}
