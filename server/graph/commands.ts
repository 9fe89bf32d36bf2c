import { parseEnd, type Edge, type Frame, type GraphDocument, type GraphNode, type NodeLayout, type Note, type WirePoint, type Wiring } from './document.ts';
import { freeId } from './layout-ids.ts';
import { change, isSame, type Patch } from './patch.ts';
import { fieldAt, type Path } from './path.ts';

/**
 * The edits of a document, each as a patch of the fields that it touches. `level` is the wiring they are made in:
 * `[]`, or `['subgraphs', id]`. An edit that would change nothing is an empty patch.
 */
export class Edits {
  readonly #document: GraphDocument;
  readonly #level: Path;

  constructor(document: GraphDocument, level: Path = []) {
    this.#document = document;
    this.#level = level;
  }

  /** A new node, at a place of the canvas. `id` is the one that it gets where that is free, else numbered. */
  addNode(node: GraphNode, place: NodeLayout, id = idFor(node)): Patch {
    const free = freeId(id, (name) => Object.hasOwn(this.#wiring.nodes, name));
    return [this.#set(['nodes', free], node), this.#set(['layout', 'nodes', free], place)];
  }

  /** Nodes, with their edges, their places, and what is set of them. */
  removeNodes(ids: readonly string[]): Patch {
    const gone = new Set(ids.filter((id) => Object.hasOwn(this.#wiring.nodes, id)));
    const edges = this.#wiring.edges.filter(({ from, to }) => [from, to].some((end) => gone.has(parseEnd(end).node)));
    return this.#changes([
      ...edges.flatMap(({ to }) => this.#cut(to)),
      ...[...gone].flatMap((id) => [this.#set(['layout', 'nodes', id], undefined), this.#set(['nodes', id], undefined)]),
    ]);
  }

  /** An edge; the one that went to that input goes, and with it the points that it was led through. */
  connect({ from, to }: Edge): Patch {
    const isThere = this.#wiring.edges.some((edge) => edge.to === to && edge.from === from);
    return isThere ? [] : this.#changes([this.#set(['layout', 'wires', to], undefined), this.#set(['edges', to], { from, to })]);
  }

  disconnect(to: string): Patch {
    return this.#changes(this.#cut(to));
  }

  /** Leads the wire that goes to an input through points of the canvas, from its output on; through none, straight. */
  lead(to: string, points: readonly WirePoint[]): Patch {
    return this.#changes([this.#set(['layout', 'wires', to], points.length > 0 ? points : undefined)]);
  }

  /** A value of a parameter; undefined for its default. */
  setParam(node: string, name: string, value: unknown): Patch {
    return this.#changes([this.#set(['nodes', node, 'params', name], value)]);
  }

  /** Title, comment or muting of a node; undefined takes it away. */
  setNode<F extends 'title' | 'comment' | 'muted'>(node: string, field: F, value: GraphNode[F]): Patch {
    return this.#changes([this.#set(['nodes', node, field], value)]);
  }

  /** Another node in its place, keeping the edges whose sockets it has. */
  replaceNode(id: string, node: GraphNode, sockets: { inputs: readonly string[]; outputs: readonly string[] }): Patch {
    const lost = this.#wiring.edges.filter(({ from, to }) => {
      const [source, target] = [parseEnd(from), parseEnd(to)];
      return (source.node === id && !sockets.outputs.includes(source.socket)) || (target.node === id && !sockets.inputs.includes(target.socket));
    });
    return this.#changes([...lost.flatMap(({ to }) => this.#cut(to)), this.#set(['nodes', id], node)]);
  }

  /** Places of nodes on the canvas. */
  move(places: Readonly<Record<string, NodeLayout>>): Patch {
    return this.#changes(Object.entries(places).map(([id, place]) => this.#set(['layout', 'nodes', id], place)));
  }

  /** A frame or a note, new or changed. One without an id gets one. */
  putFrame(frame: Frame): Patch {
    return this.#put('frames', 'frame', frame);
  }

  putNote(note: Note): Patch {
    return this.#put('notes', 'note', note);
  }

  remove(kind: 'frames' | 'notes', id: string): Patch {
    return this.#changes([this.#set(['layout', kind, id], undefined)]);
  }

  get #wiring(): Wiring {
    return fieldAt(this.#document, this.#level) as Wiring;
  }

  /** An edge goes, and with it the points that it was led through. */
  #cut(to: string): Patch {
    return [this.#set(['layout', 'wires', to], undefined), this.#set(['edges', to], undefined)];
  }

  #put<T extends { id?: string }>(kind: 'frames' | 'notes', name: string, item: T): Patch {
    const id = item.id ?? freeId(name, (one) => fieldAt(this.#document, [...this.#level, 'layout', kind, one]) !== undefined);
    return this.#changes([this.#set(['layout', kind, id], { ...item, id })]);
  }

  #set(path: Path, after: unknown): Patch[number] {
    const whole = [...this.#level, ...path];
    return change(whole, fieldAt(this.#document, whole), after);
  }

  #changes(changes: Patch): Patch {
    return changes.filter(({ before, after }) => !isSame(before, after));
  }
}

/** `student/residual` → `residual`; of an instance, the sub-graph's id. */
const idFor = ({ type, of }: GraphNode): string => of ?? type.slice(type.lastIndexOf('/') + 1);
