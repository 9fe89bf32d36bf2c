import { parseEnd, type Edge, type Frame, type GraphDocument, type GraphNode, type Note, type Wiring } from '../../server/graph/document.ts';
import { fieldAt, wiringOf, type Path } from '../../server/graph/path.ts';
import { catalogue } from '../state/catalogue.svelte.ts';
import { missingType } from './missing-type.ts';

/** What a node is called where people see it: its own title, or that of its type or sub-graph. */
export function titleOf({ title, type, of }: GraphNode, document: GraphDocument): string {
  return title ?? (of === undefined ? (catalogue.get(type)?.title ?? missingType(type, document).name) : (document.subgraphs?.[of]?.title ?? of));
}

/** What the node of an id of a check is called: `part/student` is within the instance `part`. */
export function titleOfId(id: string, document: GraphDocument): string {
  let wiring: Wiring | undefined = document;
  const names = id.split('/').map((one) => {
    const node: GraphNode | undefined = wiring?.nodes[one];
    wiring = node?.of === undefined ? undefined : document.subgraphs?.[node.of];
    return node ? titleOf(node, document) : one;
  });
  return names.join(' › ');
}

/** What people read of a parameter's name: `kernelSize` is “kernel size”. */
export const paramTitle = (name: string): string => name.replaceAll(/([A-Z])/g, (_, letter: string) => ` ${letter.toLowerCase()}`);

/** What a field of a document is called where people see it. */
export function fieldTitle(document: GraphDocument, path: Path): string {
  const wiring = wiringOf(path);
  const [kind, id, ...rest] = path.slice(wiring.length);
  const within = wiring.length > 0 ? `in “${document.subgraphs?.[wiring[1]!]?.title ?? wiring[1]}”: ` : '';
  const node = quotedIn(document, wiring);
  if (kind === 'nodes' && id !== undefined) return within + [node(id), ...(rest[0] === 'params' ? rest.slice(1) : rest).map(paramTitle)].join(' › ');
  if (kind === 'edges' && id !== undefined) return `${within}the wire to ${endTitle(id, node)}`;
  if (kind === 'layout') return within + ({ frames: 'a frame', notes: 'a note' }[id ?? ''] ?? 'where nodes stand');
  if (path[0] === 'subgraphs') return `the sub-graph “${document.subgraphs?.[path[1]!]?.title ?? path[1]}”`;
  return { name: 'the name of the graph' }[kind ?? ''] ?? path.join(' › ');
}

/** A value of a field, in few words. */
export function valueTitle(document: GraphDocument, path: Path, value: unknown): string {
  const wiring = wiringOf(path);
  const [kind, , ...rest] = path.slice(wiring.length);
  if (kind === 'edges') return value === undefined ? 'no wire' : `from ${endTitle((value as Edge).from, quotedIn(document, wiring))}`;
  if (kind === 'nodes' && rest.length === 0) return value === undefined ? 'removed' : `“${titleOf(value as GraphNode, document)}”`;
  if (kind === 'layout' && value !== undefined) {
    const { text, title, x, y } = value as Partial<Frame & Note>;
    return [title ?? text, `at ${x}, ${y}`].filter(Boolean).join(', ');
  }
  if (value === undefined) return rest[0] === 'params' ? 'its default' : 'nothing';
  const said = typeof value === 'string' ? value : Array.isArray(value) ? value.join(', ') : JSON.stringify(value);
  return said.length > 80 ? `${said.slice(0, 79)}…` : said;
}

/** Names nodes of a wiring, in quotation marks; by their ids those that are gone. */
function quotedIn(document: GraphDocument, wiring: Path): (node: string) => string {
  return (id) => {
    const placed = fieldAt(document, [...wiring, 'nodes', id]) as GraphNode | undefined;
    return `“${placed ? titleOf(placed, document) : id}”`;
  };
}

function endTitle(end: string, node: (name: string) => string): string {
  const { node: id, socket } = parseEnd(end);
  return `${node(id)} › ${socket}`;
}
