import type { CanvasNode } from '../canvas/canvas-node.svelte.ts';
import type { FollowedRun } from '../runs/followed-run.svelte.ts';
import { sourceOf, type Sample } from '../runs/run-state.ts';
import { nodeAt } from './node-at.ts';

const noLosses: readonly number[] = [];

/** Shows on the nodes of a level how a run goes: which are at work, losses of fits, maps of samples. */
export function showRun(nodes: readonly CanvasNode[], run: FollowedRun, prefix: string): void {
  const atWork = new Set([...run.atWork].flatMap((id) => nodeAt(id, prefix) ?? []));
  const losses = new Map([...run.losses].map(([fit, of]) => [nodeAt(fit, prefix), of]));
  const pictures = new Map([...run.pictures].map(([node, sample]) => [nodeAt(node, prefix), sample]));
  for (const node of nodes) {
    node.isAtWork = atWork.has(node.id);
    node.losses = losses.get(node.id) ?? noLosses;
    const sample = pictures.get(node.id);
    node.sample = sample && run.run ? pictured(run.run.id, sample) : null;
  }
}

const pictured = (run: string, sample: Sample): NonNullable<CanvasNode['sample']> => ({
  source: sourceOf(run, sample),
  text: `${sample.image} and its map after epoch ${sample.epoch}`,
});
