import type { Progress } from './progress.ts';

/** What the category at hand asks for: fits in the order they run, and images. */
export interface CategoryWork {
  fits: readonly { fit: string; epochs: number }[];
  images: { train: number; validation: number; test: number };
}

/** A part of the work on a category. */
export type WorkPart = { fit: string } | 'calibrate' | 'predict' | 'draw';

/** Of the time that a forward pass takes for an image: a training step goes back too; a map is coloured and written. */
const weights = { fit: 3, forward: 1, draw: 0.5 };

/**
 * The share of a whole run that is done, 0–1, once so much of a part of the category at hand is: categories count alike, their
 * parts by the passes of images that they take. Never less than it was: whatever is told once more is done already.
 */
export function shareOf({ work, index, total, share }: Pick<Progress, 'work' | 'index' | 'total' | 'share'>, part: WorkPart, done: number): number {
  if (!work || total === 0) return share;
  const { fits, images } = work;
  const parts: { part: string; takes: number }[] = [
    ...fits.map(({ fit, epochs }) => ({ part: nameOf({ fit }), takes: weights.fit * epochs * images.train })),
    { part: 'calibrate', takes: weights.forward * (images.validation || images.train) },
    { part: 'predict', takes: weights.forward * images.test },
    { part: 'draw', takes: weights.draw * images.test },
  ];
  const at = parts.findIndex((one) => one.part === nameOf(part));
  if (at < 0) return share;
  const sum = (some: typeof parts): number => some.reduce((before, { takes }) => before + takes, 0);
  const ofCategory = (sum(parts.slice(0, at)) + Math.min(1, done) * parts[at]!.takes) / sum(parts);
  return Math.max(share, (index - 1 + ofCategory) / total);
}

const nameOf = (part: WorkPart): string => (typeof part === 'string' ? part : `fit ${part.fit}`);
