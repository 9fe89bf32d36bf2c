import { join } from 'node:path';
import { StillroomError, type Pack, type Problem } from '../../plugins/sdk/index.ts';
import { check, type Checked } from '../compiler/check.ts';
import { compileChecked } from '../compiler/index.ts';
import type { Plan } from '../compiler/plan.ts';
import type { Dataset } from '../data/dataset.ts';
import type { MoreLayouts } from '../data/more-layouts.ts';
import { DecodeThreads } from '../data/decode-threads.ts';
import { mustLieWithin } from '../data/lie-within.ts';
import { leakage } from '../data/dataset-problems.ts';
import { readDataset, readOptionsOf } from '../data/read-dataset.ts';
import { watchLeaks } from '../engine/leaks.ts';
import type { Engine } from '../engine/load.ts';
import type { OnProgress } from '../engine/progress.ts';
import type { GraphDocument } from '../graph/document.ts';
import { stringifyGraph } from '../graph/canonical.ts';
import type { Registry } from '../graph/registry.ts';
import { withRequires } from '../graph/requires.ts';
import { cacheDirectory } from '../home.ts';
import { FitCheckpoints } from '../runtime/checkpoint.ts';
import type { Emit } from '../runtime/events.ts';
import type { Compile } from '../runtime/inference.ts';
import { predict } from '../runtime/predict.ts';
import { runCategory, type ShownWork } from '../runtime/run-category.ts';
import type { WeightValues } from '../runtime/weight-values.ts';
import { openWeightsRegistry } from '../weights/registry.ts';
import { learnNormality } from '../why/learn-normality.ts';
import { normalityFile, usualPatchBytes, writeNormality } from '../why/normality.ts';
import { writeSafetensors } from '../weights/safetensors.ts';
import { withEpochs } from './apply-overrides.ts';
import { openCategory, type CategoryImages } from './category-images.ts';
import { categoryMetrics, type CategoryMetrics } from './category-metrics.ts';
import { CategoryRecords } from './category-records.ts';
import { describeRun } from './describe-run.ts';
import { LiveMaps } from './live-maps.ts';
import { timestamp, type Manifest } from './manifest.ts';
import { loadPretrained } from './pretrained.ts';
import { compilerWithCache } from './program-cache.ts';
import { RunFolder, type EarlierRun } from './run-folder.ts';
import { RunLog } from './run-log.ts';
import { tellResults } from './tell-results.ts';
import { TensorboardLog } from './tensorboard/tensorboard-log.ts';
import { wiringGraph } from './tensorboard/wiring-graph.ts';

export interface RunRequest {
  document: GraphDocument;
  registry: Registry;
  packs: readonly Pack[];
  /** Layouts of datasets beside ours. */
  layouts?: MoreLayouts;
  /** Folder of the images; empty to take what the dataset node names. */
  data: string;
  /** Only these categories; all where empty. */
  categories: readonly string[];
  /** What happens to files that cannot be used: they are left out, or (where absent) the dataset is refused. */
  onProblem?: 'skip' | 'refuse';
  out: string;
  seed: number;
  epochs: number | null;
  /** Name or file by architecture. */
  weights: Readonly<Record<string, string>>;
  /** Real paths of the folders that images may lie in, once links are followed; anywhere where absent. */
  within?: readonly string[];
  /** What was set on the command line; the document has it already. */
  settings: Readonly<Record<string, unknown>>;
  mode: 'native' | 'eager';
  /** Keep frozen features across epochs; bytes of memory for them before the disk is used. */
  featureBudget: number | null;
  /** Bytes that the normal patches of a category may take, which "why here?" compares with; 32 MiB where absent, 0 for none. */
  patchBudget?: number;
  offline: boolean;
  engine: (onProgress: OnProgress) => Promise<Engine>;
  onProgress: OnProgress;
  emit: Emit;
  signal?: AbortSignal;
  /** For who watches: profile the nodes first, draw maps of so many test images while it fits, each so many seconds at least. */
  watched?: { profile: boolean; samples: number; every: number };
}

export interface RunResult {
  run: string;
  /** By category: the graph's own results, and every named result beside them. */
  metrics: Record<string, CategoryMetrics>;
  timings: Manifest['timings'];
  manifest: Manifest;
}

/** Images that a prediction takes at once while a dataset is evaluated. */
export const evaluationBatch = 8;

/** Fits, calibrates and evaluates a graph on every category of a dataset, into a run folder. */
export async function run(request: RunRequest): Promise<RunResult> {
  const checked = check(request.document, request.registry);
  const compiled = compileChecked(checked);
  const plan = withEpochs(compiled.plan, request.epochs);
  const dataset = await readDataset(dataRoot(request, plan), {
    ...(request.categories.length ? { category: [...request.categories] } : {}),
    ...readOptionsOf(plan.dataset.source),
    ...(request.layouts ? { more: request.layouts } : {}),
    ...(request.onProblem ? { onProblem: request.onProblem } : {}),
    onProgress: (done, total) => request.emit({ type: 'reading', done, total }),
  });
  if (request.within) await mustLieWithin(dataset, request.within);
  const weightsRegistry = await openWeightsRegistry(request.packs);
  const pretrained = await loadPretrained(plan.nodes.values(), weightsRegistry, request.weights, {
    offline: request.offline,
    onProgress: request.onProgress,
  });
  const engine = await request.engine(request.onProgress);
  const folder = new RunFolder(request.out);
  const manifest = await describeRun(request, plan, dataset, pretrained.used, engine, compiled.warnings);
  const earlier = await folder.claim(manifest.identity);
  if (earlier) Object.assign(manifest, goingOn(manifest, earlier));
  try {
    const metrics = await runInFolder({ request, checked, plan, dataset, pretrained: pretrained.values, engine, folder, manifest });
    return { run: request.out, metrics, timings: manifest.timings, manifest };
  } finally {
    await folder.release();
  }
}

/** What the manifest of an earlier part tells stays told. */
function goingOn({ warnings }: Manifest, earlier: EarlierRun): Partial<Manifest> {
  const known = warnings.map((warning) => JSON.stringify(warning));
  return {
    started: earlier.started,
    resumed: [...earlier.resumed, timestamp(earlier.resumed.at(-1) ?? earlier.started)],
    warnings: [...warnings, ...earlier.warnings.filter((warning) => !known.includes(JSON.stringify(warning)))],
  };
}

interface Setting {
  request: RunRequest;
  checked: Checked;
  plan: Plan;
  dataset: Dataset;
  pretrained: WeightValues;
  engine: Engine;
  folder: RunFolder;
  manifest: Manifest;
}

/** Runs every category, in a folder that is this run's own for as long. */
async function runInFolder(setting: Setting): Promise<RunResult['metrics']> {
  const { request, checked, plan, dataset, engine, folder, manifest } = setting;
  // The manifest first: a folder without one is no run's, and would be refused to the next process.
  await folder.writeJson('manifest.json', manifest);
  await folder.writeText('graph.json', stringifyGraph(withRequires(request.document, request.registry)));

  const log = new RunLog(folder);
  const board = new TensorboardLog(folder, wiringGraph(checked.nodes.values()));
  const emit: Emit = (event) => {
    if (event.type !== 'step') folder.mustBeOurs();
    if (event.type === 'warning') manifest.warnings.push(event.problem);
    request.emit(event);
    log.add(event);
    board.add(event);
  };
  const compile = compilerWithCache(engine, plan, request.registry, request.mode);
  const threads = new DecodeThreads();
  const fits = plan.fits.map(({ node, settings }) => ({ fit: node, epochs: settings.epochs }));
  const metrics: Record<string, CategoryMetrics> = {};
  let at = '';
  const endWatch = watchLeaks((node, tensors) => emit({ type: 'warning', category: at, problem: leaves(node, tensors, plan) }));
  try {
    for (const [index, category] of dataset.categories.entries()) {
      const images = openCategory(category, plan, request.seed, threads.decode);
      at = category.name;
      manifest.data.categories[category.name] = images.counts;
      // What the dataset itself has in two splits is told already.
      if (!category.validation) manifest.warnings.push(...leakage({ ...images.splits, test: [] }, dataset.root));
      emit({ type: 'category', category: category.name, index: index + 1, total: dataset.categories.length, ...images.counts, fits });
      metrics[category.name] = await runOneCategory({ ...setting, compile, emit }, images);
      await folder.writeJson('metrics.json', metrics);
    }
    await log.settle();
    await board.settle();
    manifest.status = 'done';
  } catch (error) {
    manifest.status = error instanceof StillroomError && error.code === 'cancelled' ? 'cancelled' : 'failed';
    manifest.problem = problemOf(error);
    // Whoever goes on at once must not find an earlier log still growing.
    await log.settle().catch(() => undefined);
    await board.settle().catch(() => undefined);
    // Where the folder is gone, that is what whatever failed has failed of.
    folder.mustBeOurs();
    throw error;
  } finally {
    endWatch();
    await threads.close();
    manifest.ended = timestamp(manifest.resumed.at(-1) ?? manifest.started);
    await writeLastManifest(folder, manifest);
  }
  const problem = await tellResults(folder, board);
  if (problem) {
    manifest.warnings.push(problem);
    await writeLastManifest(folder, manifest);
  }
  return metrics;
}

/** Memory that a node takes with every batch, until there is none. */
function leaves(node: string, tensors: number, { nodes }: Plan): Problem {
  const type = nodes.get(node)?.definition.type ?? node;
  return {
    code: 'node-leaks',
    severity: 'warning',
    node,
    message: `expected "${type}" to leave no tensor behind, found ${tensors} more after each call`,
    hint: 'this is a defect of the node type, which takes ever more memory: report it to its authors',
  };
}

function dataRoot(request: RunRequest, { dataset }: Plan): string {
  const root = request.data || dataset.source.path;
  if (root) return root;
  throw new StillroomError('no-data', 'expected a folder of images, found none named', {
    node: dataset.node,
    field: 'path',
    hint: 'give --data DIR, or set the path of the dataset node',
  });
}

async function runOneCategory(
  setting: Setting & { compile: Compile; emit: Emit },
  images: CategoryImages,
): Promise<CategoryMetrics> {
  const { request, plan, pretrained, folder, manifest, emit } = setting;
  const { category, ...feeds } = images;
  const { name } = category;
  const records = new CategoryRecords(folder, images, plan.predict.sinks);
  const shown = shownWork(request, new LiveMaps(folder, images, emit));
  const result = await runCategory({
    category: name,
    plan,
    pretrained,
    ...feeds,
    seed: request.seed,
    compile: setting.compile,
    featureBudget: request.featureBudget,
    scratch: join(cacheDirectory(), 'scratch'),
    batch: evaluationBatch,
    checkpoints: (fit) => new FitCheckpoints(folder.checkpointStem(name, fit), manifest.identity, () => folder.mustBeOurs()),
    onResult: (sink, index, value) => records.add(sink, index, value),
    ...(shown ? { shown } : {}),
    ...(request.signal ? { signal: request.signal } : {}),
    emit,
  });
  manifest.timings[name] = result.timings;
  await writeSafetensors(folder.categoryFile(name, 'fitted.safetensors'), new Map(Object.entries(fittedOnly(plan, result.weights))), {
    identity: manifest.identity,
    category: name,
  });
  await rememberNormal(setting, images, result.weights);
  if (feeds.test.images === 0) await lookAtNormal(setting, images, result.weights, records);
  manifest.warnings.push(...(await records.write(result, emit)));
  return categoryMetrics(result.reports);
}

function shownWork({ watched }: RunRequest, maps: LiveMaps): ShownWork | null {
  if (!watched) return null;
  const { profile, samples, every } = watched;
  return { profile, samples: samples > 0 ? { images: samples, every, onMap: (...given) => maps.draw(...given) } : null };
}

/** What normal images are like, for whoever asks later why a map is what it is. */
async function rememberNormal({ request, plan, compile, folder, manifest }: Setting & { compile: Compile }, images: CategoryImages, weights: WeightValues): Promise<void> {
  const { category, train, validation, splits } = images;
  const { signal, patchBudget = usualPatchBytes } = request;
  const listed = splits.train.map(({ path, height, width }) => ({ path, height, width }));
  const learnt = await learnNormality({ plan, weights, train, validation, images: listed, identity: manifest.identity, budget: patchBudget, batch: evaluationBatch, compile, ...(signal ? { signal } : {}) });
  await writeNormality(folder.categoryFile(category.name, normalityFile), learnt);
}

/** Where there is nothing to test on, what maps of good images are like tells how later ones are drawn. */
async function lookAtNormal(
  { plan, compile, request }: Setting & { compile: Compile },
  { train, validation }: CategoryImages,
  weights: WeightValues,
  records: CategoryRecords,
): Promise<void> {
  if (!plan.predict.sinks.some(({ kind }) => kind === 'map')) return;
  const images = validation.images > 0 ? validation : train;
  const { signal } = request;
  const results = predict({ plan, weights, images, batch: evaluationBatch, compile, onProgress: () => {}, ...(signal ? { signal } : {}) });
  for await (const { values } of results) for (const [sink, value] of values) records.addNormal(sink, value);
}

/** What a later prediction needs besides the pretrained weights. */
function fittedOnly(plan: Plan, weights: WeightValues): WeightValues {
  const frozen = new Set([...plan.nodes.values()].filter(({ definition }) => definition.pretrained).map(({ id }) => id));
  return Object.fromEntries(Object.entries(weights).filter(([name]) => !frozen.has(name.slice(0, name.lastIndexOf('/')))));
}

function problemOf(error: unknown): Problem {
  if (error instanceof StillroomError) return error.problems[0]!;
  return { code: 'defect', severity: 'error', message: error instanceof Error ? error.message : String(error) };
}

/** Where a run failed because nothing can be written, that is what is told, not that the manifest cannot be either. */
async function writeLastManifest(folder: RunFolder, manifest: Manifest): Promise<void> {
  await folder.writeJson('manifest.json', manifest).catch((error: unknown) => {
    if (manifest.status === 'done') throw error;
  });
}
