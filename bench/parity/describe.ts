import type { Outcome } from './ours.ts';

/** One model on one set with one seed, in both implementations; the last four for the first steps only. */
export interface Compared {
  model: string;
  set: string;
  seed: number;
  ours: Outcome;
  peer: Outcome;
  /** PyTorch in float64. */
  double: Outcome;
  /** PyTorch from weights moved by one unit in the last place. */
  nudged: Outcome;
  /** Both at a tenth of the rate. */
  oursSlow: Outcome;
  peerSlow: Outcome;
}

const metrics = ['imageAuroc', 'pixelAuroc', 'aupro'] as const;
const first = 10;

/** Tables of `docs/parity.md`: figures, first losses, loss curves. */
export function describeParity(compared: readonly Compared[]): string {
  return [
    '### Figures\n\nMean ± sample standard deviation over the seeds, percent.\n',
    figures(compared),
    '\n### The first ten losses\n\nLargest relative difference over the seeds: of the first loss · of the first ten.\n',
    firstLosses(compared),
    '\n### Loss curves\n\nTraining loss · validation loss of each epoch, seed 0.\n',
    curves(compared),
  ].join('\n');
}

function figures(compared: readonly Compared[]): string {
  const rows = groups(compared).map((group) => {
    const of = (side: 'ours' | 'peer'): string[] =>
      metrics.map((metric) => meanAndSpread(group.map((one) => 100 * one[side].metrics[metric])));
    const cells = metrics.map((_, i) => `${of('ours')[i]} \\| ${of('peer')[i]}`);
    const agree = metrics.every((metric) => isWithinSpread(group, metric));
    return `| ${group[0]!.model} | ${group[0]!.set} | ${cells.join(' | ')} | ${agree ? 'yes' : 'no'} |`;
  });
  return [
    '| model | set | image AUROC: Stillroom \\| PyTorch | pixel AUROC | AUPRO | within the spread |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

/** Means that differ by no more than two standard errors of their difference. */
function isWithinSpread(group: readonly Compared[], metric: (typeof metrics)[number]): boolean {
  const [ours, peer] = (['ours', 'peer'] as const).map((side) => group.map((one) => one[side].metrics[metric]));
  const error = Math.sqrt((deviation(ours!) ** 2 + deviation(peer!) ** 2) / group.length);
  return Math.abs(mean(ours!) - mean(peer!)) <= 2 * error;
}

function firstLosses(compared: readonly Compared[]): string {
  const pairs = [
    ['Stillroom and PyTorch', 'ours', 'peer'],
    ['Stillroom and PyTorch in float64', 'ours', 'double'],
    ['PyTorch and PyTorch in float64', 'peer', 'double'],
    ['PyTorch and PyTorch, weights moved by 1 ulp', 'peer', 'nudged'],
    ['Stillroom and PyTorch at a tenth of the rate', 'oursSlow', 'peerSlow'],
  ] as const;
  const rows = groups(compared).flatMap((group) =>
    Object.keys(group[0]!.ours.steps).map((fit) => {
      const cells = pairs.map(([, a, b]) => {
        const differences = group.map((one) => relative(one[a].steps[fit]!, one[b].steps[fit]!));
        return `${exponent(Math.max(...differences.map((d) => d[0]!)))} · ${exponent(Math.max(...differences.flat()))}`;
      });
      return `| ${group[0]!.model} | ${group[0]!.set} | ${fit} | ${cells.join(' | ')} |`;
    }),
  );
  return [`| model | set | fit | ${pairs.map(([title]) => title).join(' | ')} |`, `|${'---|'.repeat(pairs.length + 3)}`, ...rows, ''].join('\n');
}

function relative(a: readonly number[], b: readonly number[]): number[] {
  return Array.from({ length: Math.min(first, a.length, b.length) }, (_, i) => Math.abs(a[i]! - b[i]!) / Math.abs(b[i]!));
}

function curves(compared: readonly Compared[]): string {
  return groups(compared)
    .flatMap(([one]) =>
      Object.entries(one!.ours.epochs).map(([fit, epochs]) => {
        const row = (title: string, of: typeof epochs): string =>
          `| ${title} | ${of.map(({ train, validation }) => `${train.toFixed(4)} · ${validation.toFixed(4)}`).join(' | ')} |`;
        return [
          `**${one!.model}, ${one!.set}, ${fit}**\n`,
          `| | ${epochs.map((_, i) => i + 1).join(' | ')} |`,
          `|${'---|'.repeat(epochs.length + 1)}`,
          row('Stillroom', epochs),
          row('PyTorch', one!.peer.epochs[fit]!),
          '',
        ].join('\n');
      }),
    )
    .join('\n');
}

function groups(compared: readonly Compared[]): Compared[][] {
  // Node 20 has no Map.groupBy.
  const found = new Map<string, Compared[]>();
  for (const one of compared) {
    const key = `${one.model} ${one.set}`;
    found.set(key, [...(found.get(key) ?? []), one]);
  }
  return [...found.values()];
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / Math.max(1, values.length - 1));
}

const meanAndSpread = (values: readonly number[]): string => `${mean(values).toFixed(1)} ± ${deviation(values).toFixed(1)}`;
const exponent = (value: number): string => value.toExponential(0);
