import type { Outcome } from './ours.ts';

/** What PyTorch made of a task: in full, and of the first steps. */
export interface PeerOutcomes {
  peer: Outcome;
  /** From weights moved by one unit in the last place: what rounding alone does. */
  nudged: Outcome;
  /** In float64; the first steps. */
  double: Outcome;
  /** At each slower rate; the first steps. */
  slower: { peer: Outcome; nudged: Outcome }[];
}

/** One model on one set with one seed, in both implementations. */
export interface Compared extends PeerOutcomes {
  model: string;
  set: string;
  seed: number;
  ours: Outcome;
  slower: { rate: number; ours: Outcome; peer: Outcome; nudged: Outcome }[];
}

const metrics = ['imageAuroc', 'pixelAuroc', 'aupro'] as const;
const sides = [
  ['Stillroom', 'ours'],
  ['PyTorch', 'peer'],
  ['PyTorch, weights moved by 1 ulp', 'nudged'],
] as const;
const first = 10;

/** Tables of `docs/parity.md`: figures, first losses, loss curves. */
export function describeParity(compared: readonly Compared[]): string {
  return [
    '### Figures\n\nMean ± sample standard deviation over the seeds, percent.\n',
    figures(compared),
    '\n### The first ten losses\n\nLargest relative difference from PyTorch’s over the seeds: of the first loss · of the first ten.\n',
    firstLosses(compared),
    '\n### Loss curves\n\nTraining loss · validation loss of each epoch.\n',
    curves(compared),
  ].join('\n');
}

function figures(compared: readonly Compared[]): string {
  const rows = groups(compared).flatMap((group) =>
    sides.map(([title, side]) => {
      const cells = metrics.map((metric) => meanAndSpread(group.map((one) => 100 * one[side].metrics[metric])));
      const agree = side === 'ours' ? (metrics.every((metric) => isWithinSpread(group, metric)) ? 'yes' : 'no') : '';
      return `| ${group[0]!.model} | ${group[0]!.set} | ${title} | ${cells.join(' | ')} | ${agree} |`;
    }),
  );
  return ['| model | set | in | image AUROC | pixel AUROC | AUPRO | within the spread |', '|---|---|---|---|---|---|---|', ...rows, ''].join('\n');
}

/** Means that differ by no more than two standard errors of their difference. */
function isWithinSpread(group: readonly Compared[], metric: (typeof metrics)[number]): boolean {
  const [ours, peer] = (['ours', 'peer'] as const).map((side) => group.map((one) => one[side].metrics[metric]));
  const error = Math.sqrt((deviation(ours!) ** 2 + deviation(peer!) ** 2) / group.length);
  return Math.abs(mean(ours!) - mean(peer!)) <= 2 * error;
}

function firstLosses(compared: readonly Compared[]): string {
  const rows = groups(compared).flatMap((group) =>
    Object.keys(group[0]!.ours.steps).map((fit) => {
      const furthest = (pick: (one: Compared) => readonly [Outcome, Outcome]): string => {
        const differences = group.map((one) => pick(one).map(({ steps }) => steps[fit]!)).map(([a, b]) => relative(a!, b!));
        return `${exponent(Math.max(...differences.map((d) => d[0]!)))} · ${exponent(Math.max(...differences.flat()))}`;
      };
      const cells = [
        furthest(({ ours, peer }) => [ours, peer]),
        furthest(({ nudged, peer }) => [nudged, peer]),
        furthest(({ double, peer }) => [peer, double]),
        ...group[0]!.slower.flatMap((_, i) => [
          furthest(({ slower }) => [slower[i]!.ours, slower[i]!.peer]),
          furthest(({ slower }) => [slower[i]!.nudged, slower[i]!.peer]),
        ]),
      ];
      return `| ${group[0]!.model} | ${group[0]!.set} | ${fit} | ${cells.join(' | ')} |`;
    }),
  );
  const titles = ['Stillroom', 'moved by 1 ulp', 'float64', ...compared[0]!.slower.flatMap(({ rate }) => [`Stillroom, rate ${rate}`, `1 ulp, rate ${rate}`])];
  return [`| model | set | fit | ${titles.join(' | ')} |`, `|${'---|'.repeat(titles.length + 3)}`, ...rows, ''].join('\n');
}

function relative(a: readonly number[], b: readonly number[]): number[] {
  return Array.from({ length: Math.min(first, a.length, b.length) }, (_, i) => Math.abs(a[i]! - b[i]!) / Math.abs(b[i]!));
}

function curves(compared: readonly Compared[]): string {
  return groups(compared)
    .flatMap((group) =>
      Object.entries(group[0]!.ours.epochs).map(([fit, epochs]) => {
        const rows = group.flatMap((one) =>
          sides.map(([title, side]) => {
            const cells = one[side].epochs[fit]!.map(({ train, validation }) => `${train.toFixed(4)} · ${validation.toFixed(4)}`);
            return `| ${one.seed} | ${title} | ${cells.join(' | ')} |`;
          }),
        );
        const head = `| seed | in | ${epochs.map((_, i) => i + 1).join(' | ')} |`;
        return [`**${group[0]!.model}, ${group[0]!.set}, ${fit}**\n`, head, `|${'---|'.repeat(epochs.length + 2)}`, ...rows, ''].join('\n');
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
