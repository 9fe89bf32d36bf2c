import type { FirstLayer } from './first-layer.ts';
import type { FormFit } from './input-form.ts';

/** Which channel a network takes first, where that can be told, and from what. */
export interface OrderEvidence {
  /** By batch-norm's statistics; null where both orders fit alike, or there are none. */
  statistics: 'RGB' | 'BGR' | null;
  /** By the filters themselves; null where they do not lean clearly. */
  filters: 'RGB' | 'BGR' | null;
}

/** The one order must fit so many times as well as the other: 2.5 to 3 times in networks whose form tells. */
const clearly = 1.7;
/** Filters must lean so many standard deviations from even. */
const deviations = 3;

/**
 * Statistics tell where the form has not just ImageNet's own mean, since blue is darker than red in photographs. Filters
 * tell more weakly: networks trained on photographs in RGB weigh red more than blue in most of their first filters, as
 * luminance does (in all of four that were looked at).
 */
export function orderOf({ firstHeavier, thirdHeavier }: FirstLayer, fits: readonly FormFit[]): OrderEvidence {
  const [best, ...others] = [...fits].sort((a, b) => a.divergence - b.divergence);
  const other = best && others.find(({ form }) => form.name === best.form.name && form.order !== best.form.order);
  const told = best && other && isPlausible(best) && other.divergence > clearly * best.divergence;
  const lean = (firstHeavier - thirdHeavier) / Math.sqrt(firstHeavier + thirdHeavier || 1);
  return { statistics: told ? best.form.order : null, filters: Math.abs(lean) < deviations ? null : lean > 0 ? 'RGB' : 'BGR' };
}

/** Whether a form may be the one that a network was trained with: 0.01 to 0.13 nat where it was. */
export const isPlausible = ({ divergence }: FormFit): boolean => divergence < 0.25;
