import { resolve } from 'node:path';
import { Command } from 'commander';
import { formatProblem, StillroomError, type Problem } from '../../plugins/sdk/index.ts';
import { ensureEngine } from '../engine/ensure.ts';
import { loadEngine } from '../engine/load.ts';
import { applySettings, parseSetting } from '../runs/apply-overrides.ts';
import { run, type RunRequest, type RunResult } from '../runs/run.ts';
import { runSeeds, type SeedsResult } from '../runs/seeds.ts';
import { collectWeights } from './collect-weights.ts';
import { engineProgress } from './engine-progress.ts';
import { readGraphFile } from './graph-file.ts';
import { printJson, writeProblem } from './output.ts';
import { packsHere } from './packs-here.ts';
import { perform, type Work } from './perform.ts';
import { pluginOption } from './plugin-option.ts';
import { runFolderName } from './run-folder-name.ts';
import { runProgress } from './run-progress.ts';
import { printResult, printSeeds } from './run-result.ts';
import { oneOf, wholeNumber } from './usage.ts';

type Setting = ReturnType<typeof parseSetting>;

interface RunOptions {
  data?: string;
  category?: string[];
  out?: string;
  seed: number;
  seeds?: number;
  epochs?: number;
  onProblem: 'skip' | 'refuse';
  weights?: Record<string, string>;
  set?: Setting[];
  mode: RunRequest['mode'];
  featureMemory: number;
  featureCache: boolean;
  patchMemory: number;
  offline?: boolean;
  plugin?: string[];
  json?: boolean;
}

/** `stillroom run GRAPH`. */
export function runCommand(): Command {
  return new Command('run')
    .description('Fit a graph on the good images of a dataset, measure it on the test images, write a run folder')
    .argument('<graph>', 'graph document, such as graphs/dual-model.json')
    .option('--data <dir>', 'folder of images: MVTec AD layout, several such categories, or images of good parts alone')
    .option('--category <name>', 'only this category of the dataset; may be repeated', collect)
    .option('--on-problem <what>', 'images that cannot be used: skip them with a warning, or refuse the dataset', oneOf(['skip', 'refuse']), 'refuse')
    .option('--out <dir>', 'run folder; the same command again goes on where it stopped (default: a new one under the home)')
    .option('--seed <n>', 'decides split, starting weights and order of images', wholeNumber(0), 0)
    .option('--seeds <n>', 'so many runs, with seeds from --seed on, each in a folder of its own, and their mean and spread', wholeNumber(1))
    .option('--epochs <n>', 'epochs of every fit, instead of what the graph says', wholeNumber(1))
    .option('--weights <arch=name>', 'weights of a backbone: a registered name or a file; may be repeated', collectWeights)
    .option('--set <node.param=value>', 'a parameter of a node; may be repeated', collectSettings)
    .option('--feature-memory <MB>', 'memory for frozen features kept across epochs; the rest goes to disk', wholeNumber(0), 1024)
    .option('--no-feature-cache', 'compute frozen features anew at every step; the results are the same')
    .option('--patch-memory <MB>', 'memory for normal patches of each category, which "why here?" compares with', wholeNumber(0), 32)
    .option('--mode <mode>', 'native (graphs), or eager (op by op, the slow reference)', oneOf(['native', 'eager']), 'native')
    .option('--offline', 'fetch nothing')
    .addOption(pluginOption())
    .option('--json', 'write one JSON document to standard output')
    .addHelpText('after', help)
    .action(execute);
}

const help = `
The folder gets the graph as run, a manifest of all that the result depends on, losses
(metrics.jsonl), metrics.json, and per category: checkpoints, fitted weights, scores.csv,
reports.json with the curves, and the maps as pictures; report.html shows all of it, and
TensorBoard reads the folder (tensorboard --logdir RUN). Interrupted, it keeps the last whole
epoch: the same command on the same folder goes on from there.

  $ stillroom run graphs/dual-model.json --data mvtec --category bottle --out runs/bottle
  $ stillroom run graphs/shallow.json --data DIR --weights resnet18=resnet18-f37072fd.pth
  $ stillroom run graphs/shallow.json --data DIR --set fit-shallow.learningRate=0.001
  $ stillroom run graphs/deep.json --data DIR --epochs 50 --seed 3 --json > result.json
  $ stillroom run graphs/deep.json --data DIR --seeds 3 --out runs/three-seeds

\`stillroom check GRAPH\` shows the nodes, \`stillroom nodes TYPE\` their parameters,
\`stillroom weights list\` the names of weights.`;

async function execute(graph: string, options: RunOptions): Promise<void> {
  const json = options.json ?? false;
  await perform(json, async (work) => {
    const { result, untold, print } = await runGraph(graph, options, work);
    work.drawer.end();
    if (!json) return print();
    untold.forEach(writeProblem);
    printJson(result);
  });
}

/** What a command has to show: for machines, and for people. */
interface Shown {
  result: RunResult | SeedsResult;
  /** Warnings that standard error has not had yet; `print` tells all. */
  untold: Problem[];
  print(): void;
}

async function runGraph(graph: string, options: RunOptions, { drawer, signal, savesOnInterrupt }: Work): Promise<Shown> {
  const { registry, packs, layouts } = await packsHere(options.plugin);
  const { document, warnings } = await readGraphFile(graph, registry);
  warnings.forEach(writeProblem);
  const told = new Set(warnings.map(formatProblem));
  const untoldOf = ({ manifest }: RunResult): Problem[] => manifest.warnings.filter((problem) => !told.has(formatProblem(problem)));
  const { data = '', category = [], set = [], weights = {}, out = runFolderName(document.name) } = options;
  let isNamed = options.out !== undefined;
  const begun = (): void => {
    savesOnInterrupt();
    if (!isNamed) drawer.note(`run folder: ${out}`);
    isNamed = true;
  };
  const progress = runProgress(drawer, begun);
  try {
    const request: RunRequest = {
      document: applySettings(document, set, registry),
      registry,
      packs,
      layouts,
      data,
      categories: category,
      onProblem: options.onProblem,
      out: resolve(out),
      seed: options.seed,
      epochs: options.epochs ?? null,
      weights,
      settings: Object.fromEntries(set.map(({ node, param, value }) => [`${node}.${param}`, value])),
      mode: options.mode,
      featureBudget: options.featureCache ? options.featureMemory * 2 ** 20 : null,
      patchBudget: options.patchMemory * 2 ** 20,
      offline: options.offline ?? false,
      engine: options.offline ? () => loadEngine() : ensureEngine,
      onProgress: engineProgress(drawer),
      emit: (event) => {
        if (event.type === 'warning') told.add(formatProblem(event.problem));
        progress(event);
      },
      signal,
    };
    if (options.seeds !== undefined) {
      const { seeds } = options;
      const { result, last } = await runSeeds(request, seeds, (seed, index) => drawer.note(`seed ${seed} (${index} of ${seeds})`));
      return { result, untold: untoldOf(last), print: () => printSeeds(result, last) };
    }
    const result = await run(request);
    return { result, untold: untoldOf(result), print: () => printResult(result) };
  } catch (error) {
    const isNamedLater = error instanceof StillroomError && error.code === 'cancelled' && options.out === undefined;
    throw isNamedLater ? new StillroomError(error.code, error.message, { hint: `add --out ${out} to go on from the last whole epoch` }) : error;
  }
}

/** One value at a time: an option that took several would take the graph after it too. */
function collect(text: string, before: string[] = []): string[] {
  return [...before, text];
}

function collectSettings(text: string, before: Setting[] = []): Setting[] {
  return [...before, parseSetting(text)];
}
