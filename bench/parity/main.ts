import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { builtinPacks } from '../../server/plugins/builtin.ts';
import { openWeightsRegistry } from '../../server/weights/registry.ts';
import { resolveWeights } from '../../server/weights/resolve.ts';
import { runOurs, type Outcome } from './ours.ts';
import { describeParity, type Compared } from './describe.ts';
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
  const slow: Task = { ...task, rate: task.rate / 10 };
  const ours = await once(join(folder, `ours-${task.rate}.json`), () => runOurs(task, folder));
  const oursSlow = await once(join(folder, `ours-${slow.rate}.json`), () => runOurs(slow, folder, firstSteps));
  const peer = await once(join(folder, 'peer.json'), () => runPeer(folder, teacher));
  const besides = async (name: string): Promise<Outcome> => JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8')) as Outcome;
  return { ours, peer, double: await besides('double'), nudged: await besides('nudged'), oursSlow, peerSlow: await besides('slow') };
}

async function once(file: string, make: () => unknown): Promise<Outcome> {
  if (!existsSync(file)) {
    process.stderr.write(`${new Date().toISOString()} ${file}\n`);
    await make();
  }
  return JSON.parse(await readFile(file, 'utf8')) as Outcome;
}

function runPeer(folder: string, teacher: string): void {
  const { status } = spawnSync(options.python, [peerFile, folder, teacher], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}
