import { createRequire } from 'node:module';
import { join } from 'node:path';
import { StillroomError, uninspectedShare, type Pack, type Problem, type SinkReport } from '../../plugins/sdk/index.ts';
import { compile } from '../compiler/index.ts';
import type { Plan, SinkPlan } from '../compiler/plan.ts';
import type { Dataset } from '../data/dataset.ts';
import { readManifest as readDemoManifest } from '../data/demo/manifest.ts';
import { hashDataset } from '../data/hash.ts';
import { readDataset } from '../data/read-dataset.ts';
import { compileProgram } from '../engine/compile-program.ts';
import type { Engine } from '../engine/load.ts';
import type { OnProgress } from '../engine/progress.ts';
import type { GraphDocument } from '../graph/document.ts';
import { stringifyGraph } from '../graph/canonical.ts';
import { identityOf } from '../graph/identity.ts';
import type { Registry } from '../graph/registry.ts';
import { cacheDirectory } from '../home.ts';
import { FitCheckpoints } from '../runtime/checkpoint.ts';
import type { Emit, RunEvent } from '../runtime/events.ts';
import type { Compile } from '../runtime/inference.ts';
import { runCategory } from '../runtime/run-category.ts';
import { openWeightsRegistry } from '../weights/registry.ts';
import { writeSafetensors } from '../weights/safetensors.ts';
import { withEpochs } from './apply-overrides.ts';
import { openCategory, type CategoryImages } from './category-images.ts';
import { CategoryRecords } from './category-records.ts';
import { describeMachine, identityOfRun, type Manifest } from './manifest.ts';
import { loadPretrained } from './pretrained.ts';
import { refuseOtherRun, RunFolder } from './run-folder.ts';
import { sourceFingerprint } from './source-fingerprint.ts';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

export interface RunRequest {
  document: GraphDocument;
  registry: Registry;
  packs: readonly Pack[];
  /** Folder of the images; empty to take what the dataset node names. */
  data: string;
  /** Only these categories; all where empty. */
  categories: readonly string[];
  out: string;
  seed: number;
  epochs: number | null;
  /** Name or file by architecture. */
  weights: Readonly<Record<string, string>>;
  /** What was set on the command line; the document has it already. */
  settings: Readonly<Record<string, unknown>>;
  mode: 'native' | 'eager';
  /** Keep frozen features across epochs; bytes of memory for them before the disk is used. */
  featureBudget: number | null;
  offline: boolean;
  engine: (onProgress: OnProgress) => Promise<Engine>;
  onProgress: OnProgress;
  emit: Emit;
  signal?: AbortSignal;
}

export interface RunResult {
  run: string;
  /** By category: the graph's own results, and every named result beside them. */
  metrics: Record<string, CategoryMetrics>;
  timings: Manifest['timings'];
  manifest: Manifest;
}

export interface CategoryMetrics {
  imageAuroc: number | null;
  pixelAuroc: number | null;
  aupro: number | null;
  /** Every result of the graph by its name. */
  results: Record<string, SinkReport['metrics']>;
  notes: string[];
}

/** Images that a prediction takes at once while a dataset is evaluated. */
const evaluationBatch = 8;

/** Fits, calibrates and evaluates a graph on every category of a dataset, into a run folder. */
export async function run(request: RunRequest): Promise<RunResult> {
  const compiled = compile(request.document, request.registry);
  const plan = withEpochs(compiled.plan, request.epochs);
  const root = request.data || plan.dataset.source.path;
  if (!root) {
    throw new StillroomError('no-data', 'expected a folder of images, found none named', {
      node: plan.dataset.node,
      field: 'path',
      hint: 'give --data DIR, or set the path of the dataset node',
    });
  }
  const dataset = await readDataset(root, request.categories.length ? { category: [...request.categories] } : {});
  const weightsRegistry = await openWeightsRegistry(request.packs);
  const pretrained = await loadPretrained(plan.nodes.values(), weightsRegistry, request.weights, {
    offline: request.offline,
    onProgress: request.onProgress,
  });
  const engine = await request.engine(request.onProgress);
  const folder = new RunFolder(request.out);
  const manifest = await describeRun(request, plan, dataset, pretrained.used, engine, compiled.warnings);
  refuseOtherRun(folder, await folder.readManifest(), manifest.identity);
  await folder.writeText('graph.json', stringifyGraph(request.document));
  await folder.writeJson('manifest.json', manifest);

  const cache = join(cacheDirectory(), 'programs');
  const compileWithEngine: Compile = (spec) =>
    compileProgram(engine, { ...spec, key: [...spec.key, sourceFingerprint()] }, { mode: request.mode, cache });
  const metrics: Record<string, CategoryMetrics> = {};
  try {
    for (const [index, category] of dataset.categories.entries()) {
      const images = openCategory(category, plan, request.seed);
      manifest.data.categories[category.name] = images.counts;
      const emit = logging(folder, request.emit);
      emit({ type: 'category', category: category.name, index: index + 1, total: dataset.categories.length, ...images.counts });
      metrics[category.name] = await oneCategory(request, plan, pretrained.values, images, compileWithEngine, folder, manifest, emit);
      await folder.writeJson('metrics.json', metrics);
    }
    manifest.status = 'done';
  } catch (error) {
    manifest.status = error instanceof StillroomError && error.code === 'cancelled' ? 'cancelled' : 'failed';
    throw error;
  } finally {
    manifest.ended = new Date().toISOString();
    await folder.writeJson('manifest.json', manifest);
  }
  return { run: request.out, metrics, timings: manifest.timings, manifest };
}

async function oneCategory(
  request: RunRequest,
  plan: Plan,
  pretrained: Parameters<typeof runCategory>[0]['pretrained'],
  images: CategoryImages,
  compileProgram: Compile,
  folder: RunFolder,
  manifest: Manifest,
  emit: Emit,
): Promise<CategoryMetrics> {
  const { category, ...feeds } = images;
  const { name } = category;
  const records = new CategoryRecords(folder, images, plan.predict.sinks);
  const result = await runCategory({
    category: name,
    plan,
    pretrained,
    ...feeds,
    seed: request.seed,
    compile: compileProgram,
    featureBudget: request.featureBudget,
    scratch: join(cacheDirectory(), 'scratch'),
    batch: evaluationBatch,
    checkpoints: (fit) => new FitCheckpoints(folder.checkpointStem(name, fit), manifest.identity),
    onResult: (sink, index, value) => records.add(sink, index, value),
    ...(request.signal ? { signal: request.signal } : {}),
    emit,
  });
  manifest.timings[name] = result.timings;
  await writeSafetensors(folder.categoryFile(name, 'fitted.safetensors'), new Map(Object.entries(fittedOnly(plan, result.weights))), {
    identity: manifest.identity,
    category: name,
  });
  await records.write(result);
  return summarise(result.reports);
}

/** What a later prediction needs besides the pretrained weights. */
function fittedOnly<T>(plan: Plan, weights: Record<string, T>): Record<string, T> {
  const frozen = new Set([...plan.nodes.values()].filter(({ definition }) => definition.pretrained).map(({ id }) => id));
  return Object.fromEntries(Object.entries(weights).filter(([name]) => !frozen.has(name.slice(0, name.lastIndexOf('/')))));
}

function summarise(reports: ReadonlyMap<SinkPlan, SinkReport>): CategoryMetrics {
  const named = [...reports];
  const own = (name: string, metric: string): number | null =>
    named.find(([sink]) => sink.name === name)?.[1].metrics[metric] ?? null;
  return {
    imageAuroc: own('detection', 'imageAuroc'),
    pixelAuroc: own('localisation', 'pixelAuroc'),
    aupro: own('localisation', 'aupro'),
    results: Object.fromEntries(named.map(([sink, { metrics }]) => [sink.name, metrics])),
    notes: named.flatMap(([sink, { notes }]) => notes.map((note) => `${sink.name}: ${note}`)),
  };
}

async function describeRun(
  request: RunRequest,
  plan: Plan,
  dataset: Dataset,
  weights: Manifest['weights'],
  engine: Engine,
  warnings: Problem[],
): Promise<Manifest> {
  const logic = identityOf(request.document, request.registry);
  const data = await hashDataset(dataset.categories);
  const engineName = `${engine.library.version} ${engine.device} ${request.mode}`;
  return {
    stillroom: version,
    status: 'running',
    started: new Date().toISOString(),
    ended: null,
    identity: identityOfRun({ logic, data, weights, seed: request.seed, epochs: request.epochs, engine: engineName }),
    graph: { name: request.document.name, logic },
    overrides: { epochs: request.epochs, set: { ...request.settings }, weights: { ...request.weights } },
    seed: request.seed,
    data: {
      root: dataset.root,
      layout: dataset.layout,
      sha256: data,
      generated: (await readDemoManifest(dataset.root)) !== undefined,
      categories: {},
      uninspected: Object.fromEntries(plan.predict.sinks.map((s) => [s.name, uninspectedShare(s.source.geometry)])),
    },
    weights,
    engine: { version: engine.library.version, source: engine.library.source, device: engine.device, mode: request.mode },
    machine: describeMachine(),
    warnings: [...warnings, ...dataset.problems],
    timings: {},
  };
}

/** Epochs and the like go into the run's log, in order; steps are only shown. */
function logging(folder: RunFolder, emit: Emit): Emit {
  const kept: RunEvent['type'][] = ['category', 'resumed', 'epoch', 'fitted'];
  return (event) => {
    emit(event);
    if (kept.includes(event.type)) folder.append('metrics.jsonl', event);
  };
}
