import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Category } from '../../server/data/dataset.ts';
import { readDataset } from '../../server/data/read-dataset.ts';
import { epochOrder, splitTrain } from '../../server/data/split.ts';
import { compile } from '../../server/compiler/index.ts';
import type { Plan } from '../../server/compiler/plan.ts';
import { readGraphFile } from '../../server/cli/graph-file.ts';
import { ensureEngine } from '../../server/engine/ensure.ts';
import { createRegistry } from '../../server/graph/registry.ts';
import { builtinPacks } from '../../server/plugins/builtin.ts';
import { applySettings } from '../../server/runs/apply-overrides.ts';
import { run } from '../../server/runs/run.ts';
import { initialWeights, type WeightValues } from '../../server/runtime/weight-values.ts';
import { writeSafetensors } from '../../server/weights/safetensors.ts';
import type { Task } from './task.ts';

/** What one implementation made of a task. Losses of steps and epochs by fit; metrics as fractions, 0–1. */
export interface Outcome {
  steps: Record<string, number[]>;
  epochs: Record<string, { train: number; validation: number }[]>;
  metrics: Record<'imageAuroc' | 'pixelAuroc' | 'aupro', number>;
}

/**
 * Runs a task in Stillroom and writes into `folder` what its peer needs to begin at the same place: `task.json` with
 * the split and the order of every epoch, and `initial.safetensors` with the starting weights of everything that is
 * trained. `mostSteps` ends each fit there, without metrics.
 */
export async function runOurs(task: Task, folder: string, rate = task.rate, mostSteps = Infinity): Promise<Outcome> {
  const registry = createRegistry(builtinPacks);
  const { document: read } = await readGraphFile(task.graph, registry);
  const settings = task.fits.map(({ node }) => ({ node, param: 'learningRate', value: rate }));
  const document = applySettings(read, settings, registry);
  const { plan } = compile(document, registry);
  const { categories } = await readDataset(task.data);
  await mkdir(folder, { recursive: true });
  if (mostSteps === Infinity) await writePeerFiles(task, plan, categories[0]!, folder);

  const outcome: Outcome = { steps: {}, epochs: {}, metrics: { imageAuroc: NaN, pixelAuroc: NaN, aupro: NaN } };
  const stop = new AbortController();
  try {
    const { metrics } = await run({
      document,
      registry,
      packs: builtinPacks,
      data: task.data,
      categories: [],
      out: join(folder, `run-${rate}`),
      seed: task.seed,
      epochs: mostSteps === Infinity ? task.epochs : 1,
      weights: task.teacher.file === null ? {} : { [task.teacher.architecture]: task.teacher.file },
      settings: Object.fromEntries(settings.map(({ node, param, value }) => [`${node}.${param}`, value])),
      mode: 'native',
      featureBudget: 512 * 2 ** 20,
      offline: false,
      engine: ensureEngine,
      onProgress: () => {},
      emit(event) {
        if (event.type === 'step') {
          const steps = (outcome.steps[event.fit] ??= []);
          steps.push(event.loss);
          // The last of the fits: whatever else the run would do is not asked for.
          if (steps.length >= mostSteps && event.fit === plan.fits.at(-1)!.node) stop.abort();
        }
        if (event.type === 'epoch') (outcome.epochs[event.fit] ??= []).push({ train: event.trainLoss, validation: event.validationLoss });
      },
      signal: stop.signal,
    });
    const { imageAuroc, pixelAuroc, aupro } = Object.values(metrics)[0]!;
    outcome.metrics = { imageAuroc: imageAuroc!, pixelAuroc: pixelAuroc!, aupro: aupro! };
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  }
  return outcome;
}

async function writePeerFiles(task: Task, plan: Plan, category: Category, folder: string): Promise<void> {
  const { train, validation } = splitTrain(category.train, plan.dataset.source.validationShare, task.seed);
  const orders = Array.from({ length: task.epochs }, (_, i) => epochOrder(train.length, i + 1, task.seed));
  const files = (images: readonly { file: string }[]): string[] => images.map(({ file }) => file);
  const test = category.test.map(({ file, mask, anomalous }) => ({ file, mask: mask?.file ?? null, anomalous }));
  await writeFile(
    join(folder, 'task.json'),
    JSON.stringify({ ...task, train: files(train), validation: files(validation), test, orders }),
  );
  const trained = plan.fits.flatMap((fit) => fit.trained);
  const initial: WeightValues = Object.assign({}, ...trained.map((id) => initialWeights(plan.nodes.get(id)!, task.seed)));
  await writeSafetensors(join(folder, 'initial.safetensors'), new Map(Object.entries(initial)), {});
}
