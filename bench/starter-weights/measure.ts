import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { worthOf, type Measured } from './worth.ts';

/**
 * What starter weights are worth: the same graph with random, starter and ImageNet teachers on the same sets with the
 * same seeds. Each run is a folder of its own and goes on where it was stopped; what is there is not run again.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const collect = (value: string, before: string[]): string[] => [...before, value];

const options = new Command('measure')
  .requiredOption('--out <dir>', 'where runs are kept')
  .requiredOption('--set <name=dir:epochs>', 'a dataset and the epochs it is fitted for; again for more', collect, [])
  .option('--seeds <n>', 'seeds 0 to n − 1', Number, 3)
  .requiredOption('--metric <name>', 'imageAuroc, pixelAuroc or aupro; again for more', collect, [])
  .requiredOption('--random <graph,architecture=file>', 'lower end; {seed} stands for the seed of the run')
  .requiredOption('--starter <graph[,architecture=name]>', 'what is measured')
  .requiredOption('--imagenet <graph[,architecture=file]>', 'upper end')
  .parse()
  .opts<{ out: string; set: string[]; seeds: number; metric: string[] } & Record<'random' | 'starter' | 'imagenet', string>>();

const measured: Measured[] = [];
for (const named of options.set) {
  const [, set = '', data = '', epochs = ''] = /^(.+?)=(.+):(\d+)$/.exec(named) ?? [];
  for (const teacher of ['random', 'starter', 'imagenet'] as const) {
    for (let seed = 0; seed < options.seeds; seed++) {
      const [graph = '', weights] = options[teacher].replaceAll('{seed}', String(seed)).split(',');
      const out = join(options.out, set, teacher, String(seed));
      for (const [category, metrics] of Object.entries(metricsOf({ graph, weights, data, epochs, seed, out }))) {
        measured.push({ set: category, teacher, seed, metrics: Object.fromEntries(options.metric.map((name) => [name, metrics[name]!])) });
      }
    }
  }
}
process.stdout.write(worthOf(measured));

interface Wanted {
  graph: string;
  weights: string | undefined;
  data: string;
  epochs: string;
  seed: number;
  out: string;
}

function metricsOf({ graph, weights, data, epochs, seed, out }: Wanted): Record<string, Record<string, number>> {
  const file = join(out, 'metrics.json');
  const manifest = join(out, 'manifest.json');
  const isDone = existsSync(file) && JSON.parse(readFileSync(manifest, 'utf8')).status === 'done';
  if (!isDone) {
    mkdirSync(out, { recursive: true });
    process.stderr.write(`${new Date().toISOString()} ${out}\n`);
    const { status } = spawnSync(
      process.execPath,
      ['server/cli/bin.js', 'run', graph, '--data', data, '--out', out, '--epochs', epochs, '--seed', String(seed), '--json']
        .concat(weights ? ['--weights', weights] : []),
      { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
    );
    if (status !== 0) process.exit(1);
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, number>>;
}
