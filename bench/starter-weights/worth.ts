/** One run of one teacher on one category. Metrics are fractions, 0–1. */
export interface Measured {
  set: string;
  teacher: 'random' | 'starter' | 'imagenet';
  seed: number;
  metrics: Record<string, number>;
}

/**
 * A table of means over seeds, and the worth of the starter weights in each metric: (starter − random) /
 * (ImageNet − random), where each of the three is the mean over sets and seeds, so that a set on which ImageNet's
 * weights are no better than random ones cannot divide by nothing. Markdown.
 */
export function worthOf(measured: readonly Measured[]): string {
  const sets = [...new Set(measured.map(({ set }) => set))];
  const metrics = Object.keys(measured[0]?.metrics ?? {});
  const meanOf = (teacher: string, metric: string, set?: string): number =>
    mean(measured.filter((m) => m.teacher === teacher && (!set || m.set === set)).map((m) => m.metrics[metric]!));
  const spreadOf = (teacher: string, metric: string, set: string): number =>
    deviation(measured.filter((m) => m.teacher === teacher && m.set === set).map((m) => m.metrics[metric]!));
  const rows = (['random', 'starter', 'imagenet'] as const).map((teacher) => {
    const cells = sets.map((set) =>
      metrics.map((metric) => `${percent(meanOf(teacher, metric, set))} ± ${percent(spreadOf(teacher, metric, set))}`).join(' · '),
    );
    return `| ${[teacher, ...cells, metrics.map((metric) => percent(meanOf(teacher, metric))).join(' · ')].join(' | ')} |\n`;
  });
  const worth = metrics.map((metric) => {
    const [random, starter, imagenet] = ['random', 'starter', 'imagenet'].map((teacher) => meanOf(teacher, metric));
    return `${metric} ${((starter! - random!) / (imagenet! - random!)).toFixed(2)}`;
  });
  return [
    `${metrics.join(' · ')}, percent, mean ± sample standard deviation over seeds\n\n`,
    `| teacher | ${[...sets, 'mean'].join(' | ')} |\n`,
    `|${'---|'.repeat(sets.length + 2)}\n`,
    ...rows,
    `\n(starter − random) / (ImageNet − random): ${worth.join(', ')}\n`,
  ].join('');
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / Math.max(1, values.length - 1));
}

const percent = (share: number): string => (100 * share).toFixed(1);
