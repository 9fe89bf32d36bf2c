import type { ScoredImage } from '../run-record.ts';

/** Images worth looking at, of one kind. */
export interface Examples {
  title: string;
  /** What is to be seen, or that there is none. */
  about: string;
  images: ScoredImage[];
  /** How many there are of this kind, shown or not. */
  total: number;
}

/** What the verdicts got wrong, worst first, and what they are surest of; of each kind so many. */
export function chooseExamples(images: readonly ScoredImage[], result: string, threshold: number | null, most: number): Examples[] {
  const known = images.filter(({ scores }) => Number.isFinite(scores[result]));
  const score = (image: ScoredImage): number => image.scores[result]!;
  const descending = [...known].sort((a, b) => score(b) - score(a));
  const anomalous = descending.filter((image) => image.anomalous);
  const good = descending.filter((image) => !image.anomalous);
  const kind = (title: string, about: string, of: readonly ScoredImage[]): Examples => ({ title, about, images: of.slice(0, most), total: of.length });
  if (threshold === null) {
    return [
      kind('Most anomalous', 'Defective images with the highest scores.', anomalous),
      kind('Least anomalous', 'Defective images with the lowest scores.', anomalous.toReversed()),
      kind('Good images that score highest', 'Where false alarms would come from.', good),
    ];
  }
  const missed = anomalous.filter((image) => score(image) < threshold).reverse();
  const alarms = good.filter((image) => score(image) >= threshold);
  return [
    kind('Missed defects', 'Defective images below the threshold, lowest scores first.', missed),
    kind('False alarms', 'Good images at or above the threshold, highest scores first.', alarms),
    kind('Surest finds', 'Defective images with the highest scores.', anomalous.filter((image) => score(image) >= threshold)),
    kind('Surest good images', 'Good images with the lowest scores.', good.filter((image) => score(image) < threshold).reverse()),
  ];
}
