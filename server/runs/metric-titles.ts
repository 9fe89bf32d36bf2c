/** Names of metrics for people; whatever else a result reports is called by its own. */
const titles: Record<string, string> = {
  imageAuroc: 'image AUROC',
  averagePrecision: 'average precision',
  pixelAuroc: 'pixel AUROC',
  aupro: 'AUPRO',
  pixelAveragePrecision: 'pixel average precision',
  f1Max: 'F1-max',
  f1MaxThreshold: 'threshold of F1-max',
  pixelF1Max: 'pixel F1-max',
  pixelF1MaxThreshold: 'threshold of pixel F1-max',
  threshold: 'threshold (validation images)',
  truePositives: 'defects found',
  falseNegatives: 'defects missed',
  falsePositives: 'false alarms',
  trueNegatives: 'good called good',
};

/** A metric's name, and with it what must be known wherever it is shown: that its threshold was chosen by test labels. */
export function metricTitle(metric: string): string {
  const title = Object.hasOwn(titles, metric) ? titles[metric]! : metric;
  return looksAtTestLabels(metric) ? `${title} (looks at test labels)` : title;
}

/** F1-max and its threshold are the best of all thresholds, which only labels of test images can tell. */
export function looksAtTestLabels(metric: string): boolean {
  return /f1Max/i.test(metric);
}

/** Whether a metric is a share, 0–1; others are counts and scores. */
export function isShare(metric: string): boolean {
  return /auroc|precision|aupro|f1Max$/i.test(metric);
}
