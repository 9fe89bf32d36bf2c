import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { StillroomError, type Pack, type Threshold } from '../../plugins/sdk/index.ts';
import { compile } from '../compiler/index.ts';
import type { Plan, SinkPlan } from '../compiler/plan.ts';
import type { GraphDocument } from '../graph/document.ts';
import { migrateGraph } from '../graph/migrate.ts';
import { parseGraph } from '../graph/parse.ts';
import type { Registry } from '../graph/registry.ts';
import { mapScaleFile, readMapScale, type MapScale } from '../runs/map-scale.ts';
import { loadPretrained } from '../runs/pretrained.ts';
import { RunFolder } from '../runs/run-folder.ts';
import { hintOfSeeds } from '../runs/seed-folders.ts';
import { weightName } from '../runtime/assemble.ts';
import { calibratedOf } from '../runtime/run-category.ts';
import type { WeightValues } from '../runtime/weight-values.ts';
import { openWeightsRegistry } from '../weights/registry.ts';
import type { ResolveOptions } from '../weights/resolve.ts';
import { readSafetensorsContent } from '../weights/safetensors.ts';

/** What of a manifest decides how a run is read. */
const manifestSchema = z.looseObject({
  status: z.enum(['running', 'done', 'failed', 'cancelled']),
  identity: z.string(),
  problem: z.looseObject({ message: z.string() }).nullable(),
  graph: z.looseObject({ name: z.string() }),
  overrides: z.looseObject({ weights: z.record(z.string(), z.string()) }),
  data: z.looseObject({ categories: z.record(z.string(), z.unknown()) }),
  weights: z.array(
    z.looseObject({ node: z.string(), architecture: z.string(), name: z.string(), sha256: z.string(), caution: z.string().nullable() }),
  ),
});
type RunManifest = z.infer<typeof manifestSchema>;

export interface OpenRunOptions extends ResolveOptions {
  registry: Registry;
  packs: readonly Pack[];
  /** May be left out where the run has one. */
  category?: string;
  /** Where weights lie now, by architecture; they must be those of the run. */
  weights?: Readonly<Record<string, string>>;
}

/** One category of a finished run, with all that scoring an image needs. */
export interface FinishedRun {
  folder: string;
  graph: string;
  category: string;
  plan: Plan;
  weights: WeightValues;
  /** Of each result that gives verdicts, by its name. */
  thresholds: ReadonlyMap<string, Threshold>;
  /** What the maps of the run were like; null where it has none. */
  scale: MapScale | null;
  /** What its weights permit one to conclude, where that is limited. */
  cautions: string[];
}

/**
 * Reads a run folder: its graph, what was fitted, and the pretrained weights that it was fitted with.
 * Throws `no-run`, `run-unfinished`, `run-folder-corrupt`, `which-category`, `unknown-category`, `weights-changed`, and
 * what resolving weights throws.
 */
export async function openFinishedRun(path: string, options: OpenRunOptions): Promise<FinishedRun> {
  const folder = new RunFolder(path);
  const manifest = await readManifest(folder);
  const category = chosen(manifest, path, options.category);
  const { plan } = compile(await readDocument(folder, options.registry), options.registry);
  const pretrained = await pretrainedOf(plan, manifest, options);
  const fitted = await readFitted(folder.categoryFile(category, 'fitted.safetensors'), plan, manifest.identity);
  const weights = { ...pretrained, ...fitted };
  return {
    folder: path,
    graph: manifest.graph.name,
    category,
    plan,
    weights,
    thresholds: thresholdsOf(plan.predict.sinks, weights),
    scale: await readMapScale(folder.categoryFile(category, mapScaleFile)),
    cautions: [...new Set(manifest.weights.flatMap(({ name, caution }) => (caution ? [`${name}: ${caution}`] : [])))],
  };
}

async function readManifest(folder: RunFolder): Promise<RunManifest> {
  const file = folder.file('manifest.json');
  if (!existsSync(file)) {
    throw new StillroomError('no-run', `expected a run folder, found ${existsSync(folder.path) ? 'no manifest.json in it' : 'nothing there'}`, {
      file: folder.path,
      hint: hintOfSeeds(folder.path) ?? 'name the folder that `stillroom run` wrote (--out)',
    });
  }
  const manifest = await readFile(file, 'utf8')
    .then((text) => manifestSchema.parse(JSON.parse(text)))
    .catch((cause: unknown) => {
      throw corrupt(file, 'the manifest of a run', 'something else', cause);
    });
  if (manifest.status === 'done') return manifest;
  const found = {
    running: 'one that is still at work, or was killed',
    failed: `one that failed: ${manifest.problem?.message ?? 'nobody knows why'}`,
    cancelled: 'one that was interrupted',
  }[manifest.status];
  throw new StillroomError('run-unfinished', `expected a finished run, found ${found}`, {
    file: folder.path,
    hint: 'end it first: the same `stillroom run` command on the same folder goes on where it stopped',
  });
}

function chosen({ data }: RunManifest, path: string, asked: string | undefined): string {
  const categories = Object.keys(data.categories);
  const [only, ...others] = categories;
  const names = categories.join(', ') || 'none';
  if (asked === undefined && only !== undefined && others.length === 0) return only;
  if (asked === undefined) {
    throw new StillroomError('which-category', `expected to be told which category the images are of, found ${categories.length} in the run`, {
      file: path,
      hint: `add --category with one of ${names}`,
    });
  }
  if (categories.includes(asked)) return asked;
  throw new StillroomError('unknown-category', `expected a category of the run, found "${asked}"`, { file: path, hint: `it has ${names}` });
}

async function readDocument(folder: RunFolder, registry: Registry): Promise<GraphDocument> {
  const file = folder.file('graph.json');
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw corrupt(file, 'the graph of a run', 'none that can be read', cause);
  });
  const { document, problems } = parseGraph(text);
  if (!document) throw corrupt(file, 'the graph of a run', problems[0]?.message ?? 'something else');
  return migrateGraph(document, registry).document;
}

async function pretrainedOf(plan: Plan, manifest: RunManifest, options: OpenRunOptions): Promise<WeightValues> {
  const named = { ...manifest.overrides.weights, ...options.weights };
  const { values, used } = await loadPretrained(plan.nodes.values(), await openWeightsRegistry(options.packs), named, options);
  for (const { node, architecture, name, sha256 } of used) {
    const then = manifest.weights.find((weights) => weights.node === node);
    if (then?.sha256 === sha256) continue;
    throw new StillroomError(
      'weights-changed',
      `expected the weights that the run was fitted with (${then?.name ?? 'none'}, SHA-256 ${then?.sha256.slice(0, 12) ?? '–'}…), ` +
        `found ${name}, SHA-256 ${sha256.slice(0, 12)}…`,
      { node, hint: `name the file of the former: --weights ${architecture}=FILE` },
    );
  }
  return values;
}

/** Everything that was fitted and calibrated, as the graph declares it. */
async function readFitted(file: string, plan: Plan, identity: string): Promise<WeightValues> {
  const { tensors, metadata } = await readSafetensorsContent(file).catch((cause: unknown) => {
    throw corrupt(file, 'what was fitted', cause instanceof Error ? cause.message : String(cause), cause);
  });
  if (metadata['identity'] !== identity) throw corrupt(file, 'what was fitted in this run', 'that of another one');
  const weights: WeightValues = {};
  for (const node of plan.nodes.values()) {
    if (node.definition.pretrained) continue;
    for (const { name, shape } of node.weights) {
      const full = weightName(node.id, name);
      const found = tensors.get(full);
      if (found?.shape.join() !== shape.join()) {
        throw corrupt(file, `"${full}" of [${shape.join(', ')}]`, found ? `[${found.shape.join(', ')}]` : 'none');
      }
      weights[full] = found;
    }
  }
  return weights;
}

/** A sink that has measured nothing still says what its verdicts go by. */
function thresholdsOf(sinks: readonly SinkPlan[], weights: WeightValues): Map<string, Threshold> {
  return new Map(
    sinks.flatMap((sink) => {
      const { threshold } = sink.node.definition.sink!(sink.node.params).evaluate(calibratedOf(sink, weights)).finish();
      return threshold ? [[sink.name, threshold] as const] : [];
    }),
  );
}

function corrupt(file: string, expected: string, found: string, cause?: unknown): StillroomError {
  return new StillroomError('run-folder-corrupt', `expected ${expected}, found ${found}`, {
    file,
    hint: 'run the same `stillroom run` command on that folder again, or on a new one',
    ...(cause === undefined ? {} : { cause }),
  });
}
