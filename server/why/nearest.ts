import { unit } from './gap.ts';
import type { Patches } from './normality.ts';

export interface Nearest {
  /** Place among the patches. */
  index: number;
  /** 1 − cosine: 0 for the same direction, 1 for a right angle. */
  distance: number;
}

/**
 * The patches most like a feature, nearest first, one at most of each view, as neighbours of the nearest one tell
 * nothing new. Exact: every patch is looked at.
 */
export function nearestPatches({ vectors, channels, views }: Patches, feature: Float32Array, most: number): Nearest[] {
  const wanted = Float32Array.from(unit(feature));
  const best = new Map<number, Nearest>();
  for (let index = 0, at = 0; index < views.length; index++, at += channels) {
    let dot = 0;
    for (let c = 0; c < channels; c++) dot += wanted[c]! * vectors[at + c]!;
    const known = best.get(views[index]!);
    if (!known || 1 - dot < known.distance) best.set(views[index]!, { index, distance: 1 - dot });
  }
  return [...best.values()].sort((a, b) => a.distance - b.distance || a.index - b.index).slice(0, most).map((one) => ({ ...one, distance: Math.max(0, one.distance) }));
}
