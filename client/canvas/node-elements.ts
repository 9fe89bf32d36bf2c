import { mount, unmount } from 'svelte';
import type { CanvasNode } from './canvas-node.svelte.ts';
import { grown, meets, type Box } from './geometry.ts';
import NodeBody from './NodeBody.svelte';

interface Drawn {
  node: CanvasNode;
  element: HTMLElement;
  isHidden: boolean;
  /** The component; null until the node is drawn. */
  body: object | null;
}

/** How much farther away a node has to be to be taken out again, as a share of the box. */
const slack = 0.15;
/** What is drawn in a frame, at most: so many nodes, and new ones for so many ms. */
const most = { shown: 40, time: 5 };

/** Nodes in the elements that rete keeps for them: in the page where they can be seen, and drawn when that is first so. */
export class NodeElements {
  readonly #drawn = new Map<string, Drawn>();

  add(node: CanvasNode, element: HTMLElement): void {
    if (this.#drawn.has(node.id)) return;
    const drawn = { node, element, isHidden: false, body: null };
    hide(drawn, true);
    this.#drawn.set(node.id, drawn);
  }

  /** The element by which a node is taken hold of. */
  get(id: string): HTMLElement | undefined {
    return this.#drawn.get(id)?.element;
  }

  remove(id: string): void {
    const body = this.#drawn.get(id)?.body;
    if (body) void unmount(body);
    this.#drawn.delete(id);
  }

  showAll(): 'all' {
    for (const drawn of this.#drawn.values()) show(drawn);
    return 'all';
  }

  hideAll(): void {
    for (const drawn of this.#drawn.values()) hide(drawn, true);
  }

  /** Shows nodes that come into a box, some of them in each frame, those in sight first; gives what is shown now. */
  showIn(box: Box, seen: Box): 'all' | 'what is seen' | 'some' {
    const kept = grown(box, slack);
    const lacking: Drawn[] = [];
    for (const drawn of this.#drawn.values()) {
      const { node, isHidden } = drawn;
      if (isHidden && (node.isHeld || meets(box, node.box))) lacking.push(drawn);
      else if (!isHidden && !node.isHeld && !meets(kept, node.box)) hide(drawn, true);
    }
    const isSeen = ({ node }: Drawn): boolean => meets(seen, node.box);
    lacking.sort((a, b) => Number(isSeen(b)) - Number(isSeen(a)));
    const begun = performance.now();
    let count = 0;
    while (count < Math.min(lacking.length, most.shown) && performance.now() - begun < most.time) show(lacking[count++]!);
    return count === lacking.length ? 'all' : isSeen(lacking[count]!) ? 'some' : 'what is seen';
  }

  destroy(): void {
    for (const id of this.#drawn.keys()) this.remove(id);
  }
}

function show(drawn: Drawn): void {
  drawn.body ??= mount(NodeBody, { target: drawn.element, props: { node: drawn.node } });
  hide(drawn, false);
}

function hide(drawn: Drawn, hides: boolean): void {
  if (hides !== drawn.isHidden) drawn.element.style.display = hides ? 'none' : '';
  drawn.isHidden = hides;
}
