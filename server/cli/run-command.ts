import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { formatProblem, StillroomError } from '../../plugins/sdk/index.ts';
import { ensureEngine } from '../engine/ensure.ts';
import { createRegistry } from '../graph/registry.ts';
import { builtinPacks } from '../plugins/builtin.ts';
import { applySettings, parseSetting } from '../runs/apply-overrides.ts';
import { run, type RunRequest } from '../runs/run.ts';
import { engineProgress } from './engine-progress.ts';
import { readGraphFile } from './graph-file.ts';
import { fail, printJson } from './output.ts';
import { drawProgress } from './progress.ts';
import { runFolderName } from './run-folder-name.ts';
import { runProgress } from './run-progress.ts';
import { printResult } from './run-result.ts';

interface RunOptions {
  data: string;
  category?: string[];
  out?: string;
  seed: number;
  epochs?: number;
  weights: Record<string, string>;
  set: ReturnType<typeof parseSetting>[];
  mode: RunRequest['mode'];
  featureMemory: number;
  featureCache: boolean;
  offline?: boolean;
  json?: boolean;
}

/** `stillroom run GRAPH`. */
export function runCommand(): Command {
  return new Command('run')
    .description('Fit a graph on the good images of a dataset, measure it on the test images, write a run folder')
    .argument('<graph>', 'graph document, such as graphs/dual-model.json')
    .option('--data <dir>', 'folder of images (MVTec AD layout, several such categories, or plain images)', '')
    .option('--category <name...>', 'only these categories of the dataset')
    .option('--out <dir>', 'run folder; the same command again goes on where it stopped (default: a new one under the home)')
    .option('--seed <n>', 'decides split, starting weights and order of images', wholeNumber(0), 0)
    .option('--epochs <n>', 'epochs of every fit, instead of what the graph says', wholeNumber(1))
    .option('--weights <arch=name>', 'weights of a backbone: a registered name or a file; may be repeated', collectWeights, {})
    .option('--set <node.param=value>', 'a parameter of a node; may be repeated', collectSettings, [])
    .option('--feature-memory <MB>', 'memory for frozen features kept across epochs; the rest goes to disk', wholeNumber(0), 1024)
    .option('--no-feature-cache', 'compute frozen features anew at every step; the results are the same')
    .addOption(new Option('--mode <mode>', 'native graphs, or op by op (the slow reference)').choices(['native', 'eager']).default('native'))
    .option('--offline', 'fetch nothing')
    .option('--json', 'write one JSON document to standard output')
    .addHelpText('after', help)
    .action(execute);
}

const help = `
The folder gets the graph as run, a manifest of all that the result depends on, losses (metrics.jsonl), metrics.json,
and per category: checkpoints, fitted weights, scores.csv, reports.json with the curves, and the maps as pictures.
Exits with 0 when the run is done, 1 when it cannot be done (the message says why), 130 when it was interrupted.

  $ stillroom run graphs/dual-model.json --data ../images/bottle --out runs/bottle --seed 0
  $ stillroom run graphs/shallow.json --data DIR --weights resnet18=resnet18-f37072fd.pth --set fit-student.learningRate=0.001`;

async function execute(graph: string, options: RunOptions): Promise<void> {
  const json = options.json ?? false;
  const drawer = drawProgress();
  const abort = new AbortController();
  const interrupt = (): void => abort.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const registry = createRegistry(builtinPacks);
    const { document, warnings } = await readGraphFile(graph, registry);
    for (const warning of warnings) drawer.note(`warning: ${formatProblem(warning)}`);
    const result = await run({
      document: applySettings(document, options.set, registry),
      registry,
      packs: builtinPacks,
      data: options.data,
      categories: options.category ?? [],
      out: resolve(options.out ?? runFolderName(document.name)),
      seed: options.seed,
      epochs: options.epochs ?? null,
      weights: options.weights,
      settings: Object.fromEntries(options.set.map(({ node, param, value }) => [`${node}.${param}`, value])),
      mode: options.mode,
      featureBudget: options.featureCache ? options.featureMemory * 2 ** 20 : null,
      offline: options.offline ?? false,
      engine: ensureEngine,
      onProgress: engineProgress(drawer),
      emit: runProgress(drawer),
      signal: abort.signal,
    });
    drawer.end();
    if (json) printJson(result);
    else printResult(result);
  } catch (error) {
    drawer.end();
    fail(error, json);
    if (error instanceof StillroomError && error.code === 'cancelled') process.exitCode = 130;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function wholeNumber(min: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < min) throw new InvalidArgumentError(`expected a whole number from ${min}`);
    return value;
  };
}

function collectWeights(text: string, before: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) throw new InvalidArgumentError('expected architecture=name or architecture=file');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

function collectSettings(text: string, before: RunOptions['set']): RunOptions['set'] {
  try {
    return [...before, parseSetting(text)];
  } catch (error) {
    throw error instanceof StillroomError ? new InvalidArgumentError(`${error.message} (${error.hint})`) : error;
  }
}
