import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { builtinPacks } from '../../server/plugins/builtin.ts';
import { openWeightsRegistry } from '../../server/weights/registry.ts';
import { resolveWeights } from '../../server/weights/resolve.ts';
import { runOurs, type Outcome } from './ours.ts';
import { describeParity, type Compared, type PeerOutcomes } from './describe.ts';
import { models, type Task } from './task.ts';

/**
 * Trains the shallow and the deep model in Stillroom and in PyTorch on the same images, weights, split, batches and
 * settings, and prints how near they come (`docs/parity.md`). What is in `--out` already is not run again.
 */
const collect = (value: string, before: string[]): string[] => [...before, value];
const options = new Command('parity')
  .requiredOption('--out <dir>', 'where runs are kept')
  .requiredOption('--python <file>', 'a Python with what peer.py names')
  .requiredOption('--set <model=name=dir:epochs>', 'a model and a category to fit it on; again for more', collect, [])
  .option('--resnet18 <file>', 'weights of the shallow teacher; else the default ones')
  .option('--seeds <n>', 'seeds 0 to n − 1', Number, 3)
  .parse()
  .opts<{ out: string; python: string; set: string[]; resnet18?: string; seeds: number }>();

/** Losses of the first steps are compared one by one. */
const firstSteps = 10;
const peerFile = fileURLToPath(new URL('peer.py', import.meta.url));
const registry = await openWeightsRegistry(builtinPacks);

const compared: Compared[] = [];
for (const named of options.set) {
  const [, model = '', set = '', data = '', epochs = ''] = /^(.+?)=(.+?)=(.+):(\d+)$/.exec(named) ?? [];
  const { architecture, ...rest } = models[model as Task['model']];
  const given = architecture === 'resnet18' ? (options.resnet18 ?? '') : '';
  const weights = await resolveWeights(registry, architecture, given);
  for (let seed = 0; seed < options.seeds; seed++) {
    const task: Task = { ...rest, data, seed, epochs: Number(epochs), teacher: { architecture, file: given || null } };
    compared.push({ model, set, seed, ...(await compare(task, join(options.out, model, set, String(seed)), weights.file)) });
  }
}
process.stdout.write(describeParity(compared));

async function compare(task: Task, folder: string, teacher: string): Promise<Omit<Compared, 'model' | 'set' | 'seed'>> {
  await mkdir(folder, { recursive: true });
  const ours = await once(join(folder, 'ours.json'), () => runOurs(task, folder));
  const slower: Outcome[] = [];
  for (const rate of task.slowerRates) {
    slower.push(await once(join(folder, `ours-${rate}.json`), () => runOurs(task, folder, rate, firstSteps)));
  }
  const peer = await once(join(folder, 'peer.json'), () => runPeer(folder, teacher));
  return { ...peer, ours, slower: slower.map((one, i) => ({ ours: one, rate: task.slowerRates[i]!, ...peer.slower[i]! })) };
}

async function once<T>(file: string, make: () => Promise<T>): Promise<T> {
  if (!existsSync(file)) {
    process.stderr.write(`${new Date().toISOString()} ${file}\n`);
    await writeFile(file, JSON.stringify(await make()));
  }
  return JSON.parse(await readFile(file, 'utf8')) as T;
}

async function runPeer(folder: string, teacher: string): Promise<PeerOutcomes> {
  const { status, stdout } = spawnSync(options.python, [peerFile, folder, teacher], { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) process.exit(1);
  return JSON.parse(stdout) as PeerOutcomes;
}
