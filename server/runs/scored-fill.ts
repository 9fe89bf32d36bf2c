import type { Problem } from '../../plugins/sdk/index.ts';
import type { SinkPlan } from '../compiler/plan.ts';
import type { Category } from '../data/dataset.ts';
import { inspectionsOf, isWithin } from '../data/inspection.ts';

/**
 * Warns of scores of pictures that are filled up. A score is computed within the network's picture: where the fill or
 * its edge is what looks strangest, it is the same for every image. Maps leave the fill out.
 */
export function scoredFill(sinks: readonly Pick<SinkPlan, 'kind' | 'name' | 'source'>[], categories: readonly Category[]): Problem[] {
  const images = categories.flatMap(({ train, validation = [], test }) => [...train, ...validation, ...test]);
  const sources = new Map(sinks.filter(({ kind }) => kind === 'score').map(({ source }) => [source.value.node, source]));
  return [...sources].flatMap(([node, { geometry }]): Problem[] => {
    const filled = inspectionsOf(images, geometry).filter(({ scaled, windows }) => windows.some((window) => !isWithin(window, scaled)));
    if (filled.length === 0) return [];
    const names = sinks.filter(({ kind, source }) => kind === 'score' && source.value.node === node).map(({ name }) => name);
    return [
      {
        code: 'fill-scored',
        severity: 'warning',
        node,
        message:
          `expected images that fill the network's picture, found that ${filled.length} of ${images.length} are filled up with ` +
          `grey, which ${names.join(', ')} may take for the anomaly`,
        hint: `where ${names.length === 1 ? 'its scores are' : 'their scores are'} about the same for all images, set \`${node}.mode=whole\`, or tiles within the image`,
      },
    ];
  });
}
