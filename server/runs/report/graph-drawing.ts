import { parseEnd, type GraphDocument, type GraphNode } from '../../graph/document.ts';
import { arrange, nodeSize, type Place } from './graph-layout.ts';
import { html, type Html } from './html.ts';

const margin = 16;
/** What a graph has beside nothing else, px; a wider one is made smaller, and takes the width of the window. */
const columnWidth = 1032;
/** Letters that fit into a node; of a title in its usual size, px, and in the smallest, in which longer ones are set. */
const mostLetters = { title: 25, type: 23 } as const;
const usual = { letters: 19, size: 12 } as const;

/** The graph as SVG, wires from left to right; muted nodes are dashed. */
export function graphDrawing(document: GraphDocument): Html {
  const { nodes, frames } = arrange(document);
  const boxes = [...[...nodes.values()].map((place) => ({ ...place, ...nodeSize })), ...frames];
  const left = Math.min(...boxes.map(({ x }) => x)) - margin;
  const top = Math.min(...boxes.map(({ y }) => y)) - margin;
  const width = Math.ceil(Math.max(...boxes.map((box) => box.x + box.width)) - left + margin);
  const height = Math.ceil(Math.max(...boxes.map((box) => box.y + box.height)) - top + margin);
  const wires = document.edges.flatMap(({ from, to }) => {
    const [a, b] = [nodes.get(parseEnd(from).node), nodes.get(parseEnd(to).node)];
    return a && b ? [wire(a, b)] : [];
  });
  return html`<svg class="graph${width > columnWidth && ' wide'}" viewBox="${left} ${top} ${width} ${height}" style="--natural: ${width}px" role="img"
    aria-label="The graph: ${Object.keys(document.nodes).length} nodes, ${document.edges.length} edges">
    ${frames.map(
      (frame) => html`<g class="frame"><rect x="${frame.x}" y="${frame.y}" width="${frame.width}" height="${frame.height}" rx="8"/>
        <text x="${frame.x + 10}" y="${frame.y + 18}">${frame.title}</text></g>`,
    )}
    <g class="wires">${wires}</g>
    ${[...nodes].map(([id, place]) => node(id, document.nodes[id]!, place))}
  </svg>`;
}

function node(id: string, { title, type, of, muted }: GraphNode, { x, y }: Place): Html {
  const name = title ?? id;
  const kind = of === undefined ? type : `sub-graph ${of}`;
  return html`<g class="node${muted === true && ' muted'}"><title>${id}: ${kind}${muted === true && ', muted'}</title>
    <rect x="${x}" y="${y}" width="${nodeSize.width}" height="${nodeSize.height}" rx="6"/>
    <text class="name" x="${x + 10}" y="${y + 18}"${sizeOf(name)}>${shortened(name, mostLetters.title)}</text>
    <text class="type" x="${x + 10}" y="${y + 34}">${shortened(kind, mostLetters.type)}</text></g>`;
}

/** A long name is set smaller before it is cut. */
function sizeOf(name: string): Html | false {
  const letters = Math.min([...name].length, mostLetters.title);
  return letters > usual.letters && html` style="font-size: ${((usual.size * usual.letters) / letters).toFixed(1)}px"`;
}

function wire(from: Place, to: Place): Html {
  const [x1, y1] = [from.x + nodeSize.width, from.y + nodeSize.height / 2];
  const [x2, y2] = [to.x, to.y + nodeSize.height / 2];
  const reach = Math.max(24, Math.abs(x2 - x1) / 2);
  const path = [x1, y1, x1 + reach, y1, x2 - reach, y2, x2, y2].map((n) => Number(n.toFixed(1)));
  return html`<path d="M${path.slice(0, 2).join(' ')}C${path.slice(2).join(' ')}"/>`;
}

function shortened(text: string, most: number): string {
  const letters = [...text];
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join('')}…`;
}
