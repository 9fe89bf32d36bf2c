import type { ownMetrics } from '../seeds-spread.ts';

/** Of the columns of a comparison's table. */
export const metricHeadings: Record<(typeof ownMetrics)[number], string> = { imageAuroc: 'image AUROC', pixelAuroc: 'pixel AUROC', aupro: 'AUPRO' };
