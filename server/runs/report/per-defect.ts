import { auroc } from '../../../plugins/evaluation/metrics/auroc.ts';
import { rank } from '../../../plugins/evaluation/metrics/ranked.ts';
import type { ScoredImage } from '../run-record.ts';
import { mean } from './figures.ts';

/** How well one kind of defect is told from good images. */
export interface DefectFigures {
  defect: string;
  images: number;
  /** Against all good test images, 0–1; null without these. */
  auroc: number | null;
  meanScore: number | null;
  /** Share called anomalous, 0–1; null without a threshold. */
  found: number | null;
}

/** One row for each defect, by name; the good images, of which `found` are the false alarms, come first. */
export function perDefect(images: readonly ScoredImage[], result: string, threshold: number | null): DefectFigures[] {
  const known = images.filter(({ scores }) => Number.isFinite(scores[result]));
  const good = known.filter(({ anomalous }) => !anomalous);
  const kinds = [...new Set(known.filter(({ anomalous }) => anomalous).map(({ defect }) => defect))].sort();
  const row = (defect: string, of: readonly ScoredImage[]): DefectFigures => {
    const scores = of.map((image) => image.scores[result]!);
    return {
      defect,
      images: of.length,
      auroc: of === good ? null : against(good.map((image) => image.scores[result]!), scores),
      meanScore: mean(scores),
      found: threshold === null || of.length === 0 ? null : scores.filter((score) => score >= threshold).length / of.length,
    };
  };
  return [
    ...(good.length ? [row('good', good)] : []),
    ...kinds.map((kind) => row(kind, known.filter(({ anomalous, defect }) => anomalous && defect === kind))),
  ];
}

function against(good: readonly number[], defective: readonly number[]): number | null {
  const labels = Uint8Array.from([...good.map(() => 0), ...defective.map(() => 1)]);
  return auroc(rank(Float32Array.from([...good, ...defective]), labels));
}
