const names: Record<string, string> = {
  imageAuroc: 'Image AUROC',
  pixelAuroc: 'Pixel AUROC',
  aupro: 'AUPRO (to 30 %)',
  averagePrecision: 'Average precision',
  f1Max: 'F1 at best threshold',
  pixelAveragePrecision: 'Pixel average precision',
  pixelF1Max: 'Pixel F1 at best threshold',
};

/** Metrics that are shares, in the order in which they are shown. */
export const shownMetrics = Object.keys(names);

export const metricName = (metric: string): string => names[metric] ?? metric;

/** A share in per cent with one decimal, as results of this field are given; `–` where it is undefined. */
export const percent = (value: number | null | undefined): string => (typeof value === 'number' ? (100 * value).toFixed(1) : '–');
