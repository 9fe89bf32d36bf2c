/**
 * The graph document: what is computed (`nodes`, `edges`, `subgraphs`), apart from how it is drawn (`layout`).
 * Every record may carry fields that this version does not know; they are kept.
 */
export interface GraphDocument extends Wiring {
  $schema?: string;
  /** Version of the document format. */
  stillroom: typeof DOCUMENT_VERSION;
  name: string;
  description?: string;
  /** Source of the method: paper, section. */
  cite?: string;
  /** Plugins that its node types come from, each with the version that it was saved with. It changes no result. */
  requires?: Record<string, string>;
  /** Reusable parts, each standing wherever a node of type `subgraph` names it. */
  subgraphs?: Record<string, Subgraph>;
}

export const DOCUMENT_VERSION = 1;

/** Nodes and the edges between them: of the document, or of a sub-graph. */
export interface Wiring {
  nodes: Record<string, GraphNode>;
  edges: readonly Edge[];
  layout?: Layout;
}

export interface GraphNode {
  /** `<package>/<node>`, or `subgraph` for an instance of a sub-graph. */
  type: string;
  /** Version of the node type that the parameters are written for; absent on instances of sub-graphs. */
  version?: number;
  /** Which sub-graph an instance stands for. */
  of?: string;
  /** Values by parameter; absent ones have their default. Of an instance: values by `inner.parameter`. */
  params?: Record<string, unknown>;
  title?: string;
  comment?: string;
  /** A muted node counts as absent. */
  muted?: boolean;
}

/** From an output to an input, each `node.socket`; inside a sub-graph also `$in.name` and `$out.name`. */
export interface Edge {
  from: string;
  to: string;
}

export interface Subgraph extends Wiring {
  title?: string;
  description?: string;
  inputs: Record<string, Port>;
  outputs: Record<string, Port>;
}

/** A socket of a sub-graph as its instances show it. */
export interface Port {
  /** Socket type. */
  type: string;
  title?: string;
}

/** Where things are drawn, in px of the canvas. It changes no result. */
export interface Layout {
  nodes?: Record<string, NodeLayout>;
  /** Points that wires are led through, from their output on, by the input that they go to. */
  wires?: Record<string, readonly WirePoint[]>;
  frames?: readonly Frame[];
  notes?: readonly Note[];
}

export interface NodeLayout {
  x: number;
  y: number;
  width?: number;
  collapsed?: boolean;
}

export interface WirePoint {
  x: number;
  y: number;
}

export interface Frame {
  /** By which edits name it; given where a document comes without. */
  id?: string;
  title: string;
  x: number;
  y: number;
  width: number;
  height: number;
  colour?: string;
}

export interface Note {
  id?: string;
  text: string;
  x: number;
  y: number;
  width?: number;
  height?: number;
}

/** Type of a node that stands for a sub-graph. */
export const SUBGRAPH = 'subgraph';
/** Where the inputs of a sub-graph come in, and where its outputs leave. */
export const INPUTS = '$in';
export const OUTPUTS = '$out';

/** One end of an edge. */
export interface End {
  node: string;
  socket: string;
}

/** `teacher.layer1` → node `teacher`, socket `layer1`. */
export function parseEnd(end: string): End {
  const dot = end.indexOf('.');
  return dot < 0 ? { node: end, socket: '' } : { node: end.slice(0, dot), socket: end.slice(dot + 1) };
}

export function formatEnd({ node, socket }: End): string {
  return `${node}.${socket}`;
}
