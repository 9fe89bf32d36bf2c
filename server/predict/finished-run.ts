import { StillroomError, type Pack, type Threshold } from '../../plugins/sdk/index.ts';
import { check } from '../compiler/check.ts';
import { compileChecked } from '../compiler/index.ts';
import type { Plan, SinkPlan } from '../compiler/plan.ts';
import type { Registry } from '../graph/registry.ts';
import { mapScaleFile, readMapScale, type MapScale } from '../runs/map-scale.ts';
import { loadPretrained } from '../runs/pretrained.ts';
import { RunFolder } from '../runs/run-folder.ts';
import { calibratedOf } from '../runtime/run-category.ts';
import type { WeightValues } from '../runtime/weight-values.ts';
import { openWeightsRegistry } from '../weights/registry.ts';
import type { ResolveOptions } from '../weights/resolve.ts';
import { chosenCategory, mustBeDone, readDocument, readFitted, readManifest, type RunManifest } from './read-run.ts';

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
  /** Equal for runs that must give the same result. */
  identity: string;
  plan: Plan;
  /** What the graph calls its nodes, by id. */
  titles: ReadonlyMap<string, string>;
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
  mustBeDone(manifest, folder);
  const category = chosenCategory(manifest, path, options.category);
  const checked = check(await readDocument(folder, options.registry), options.registry);
  const { plan } = compileChecked(checked);
  const pretrained = await pretrainedOf(plan, manifest, options);
  const fitted = await readFitted(folder.categoryFile(category, 'fitted.safetensors'), plan, manifest.identity);
  const weights = { ...pretrained, ...fitted };
  return {
    folder: path,
    graph: manifest.graph.name,
    category,
    identity: manifest.identity,
    plan,
    titles: new Map([...checked.nodes.values()].map(({ id, title }) => [id, title])),
    weights,
    thresholds: thresholdsOf(plan.predict.sinks, weights),
    scale: await readMapScale(folder.categoryFile(category, mapScaleFile)),
    cautions: [...new Set(manifest.weights.flatMap(({ name, caution }) => (caution ? [`${name}: ${caution}`] : [])))],
  };
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

/** A sink that has measured nothing still says what its verdicts go by. */
function thresholdsOf(sinks: readonly SinkPlan[], weights: WeightValues): Map<string, Threshold> {
  return new Map(
    sinks.flatMap((sink) => {
      const { threshold } = sink.node.definition.sink!(sink.node.params).evaluate(calibratedOf(sink, weights)).finish();
      return threshold ? [[sink.name, threshold] as const] : [];
    }),
  );
}
