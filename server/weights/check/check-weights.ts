import type { Pack } from '../../../plugins/sdk/pack.ts';
import type { WeightSpec } from '../../../plugins/sdk/weight.ts';
import type { Engine } from '../../engine/load.ts';
import { coverageOf, importWeights, type Coverage } from '../import.ts';
import { architectureNamed, type WeightsRegistry } from '../registry.ts';
import type { ResolvedWeights } from '../resolve.ts';
import type { StateDict } from '../state-dict.ts';
import { autocorrelationOf } from './autocorrelation.ts';
import { diagnose, type Diagnosis } from './diagnose.ts';
import { firstLayerOf, type FirstLayer } from './first-layer.ts';
import { fitOf, knownForms, typicalResponse, type FormFit, type InputForm } from './input-form.ts';
import { naturalImages, type Images } from './natural-images.ts';
import { patchMoments, type PatchMoments } from './patch-moments.ts';
import { networkOf, stageFigures, type StageFigures } from './stages.ts';

export interface WeightsCheck extends Coverage, Diagnosis {
  /** Whether batch-norm is there as it is, or folded into the convolutions. */
  form: 'plain' | 'folded';
  /** The last stage that the file covers, where it has nothing of those after it: it is whole as far as it reaches. */
  reaches: string | null;
  firstLayer: FirstLayer | undefined;
  /** What each stage that the file covers gives for the generated images. */
  stages: StageFigures[];
  /** How well forms of input fit, the declared one first; empty for folded batch-norm. */
  fits: FormFit[];
}

/** How many generated images the first layer's statistics are taken from, and how large they are, px. */
const [count, side] = [8, 224];
/** How many of them run through the whole network. */
const run = 2;

/** The images and their moments are always the same: they are drawn once. */
const tried: { images?: Images; moments: Map<number, PatchMoments> } = { moments: new Map() };

function triedImages(): Images {
  return (tried.images ??= naturalImages(count, side));
}

function triedMoments(kernel: number): PatchMoments {
  const moments = tried.moments.get(kernel) ?? patchMoments(triedImages(), kernel);
  tried.moments.set(kernel, moments);
  return moments;
}

/**
 * Tries weights: runs the network on generated images with the statistics of photographs, looks at what its stages give,
 * at its filters and at what its batch-norms have seen, and says what looks wrong. Throws what importing throws where the
 * file does not cover even the first stage.
 */
export function checkWeights(engine: Engine, packs: readonly Pack[], registry: WeightsRegistry, { entry, file, state }: ResolvedWeights): WeightsCheck {
  const architecture = architectureNamed(registry, entry.architecture);
  const coverage = coverageOf(state, architecture, file);
  const network = networkOf(packs, entry.architecture);
  const missing = new Set(coverage.missing);
  const covered = network?.stages.filter((stage) => network.weightsUpTo(stage).every(({ name }) => !missing.has(name))) ?? [];
  const specs = network ? network.weightsUpTo(covered.at(-1) ?? network.stages[0]!) : architecture.weights();
  const covers = new Set(specs.map(({ name }) => name));
  const isWholeSoFar = missing.size > 0 && architecture.weights().every(({ name }) => covers.has(name) !== missing.has(name));
  const { values, form } = importWeights(state, architecture, specs, file);
  const firstLayer = firstLayerOf(specs, values, form);
  const declared: InputForm = { name: 'as declared', ...entry.normalisation, order: 'RGB' };
  const moments = firstLayer && triedMoments(firstLayer.kernel);
  const running = firstLayer?.running;
  const fits = running ? [declared, ...knownForms].map((known) => fitOf(known, firstLayer, running, moments!)) : [];
  const stages = network ? stageFigures(engine, network, covered, values, normalised(triedImages(), run, declared)) : [];
  const diagnosis = diagnose({
    file,
    firstLayer,
    others: furtherKernels(specs, values, firstLayer),
    untouchedNorms: form === 'plain' ? untouchedNorms(specs, values) : [],
    fits,
    response: firstLayer ? typicalResponse(declared, firstLayer, moments!) : 0,
    stages,
    normalisation: entry.normalisation,
    padding: { declared: entry.padding, network: architecture.padding },
    converted: countsNoBatch(state),
  });
  return { ...coverage, ...diagnosis, form, reaches: (isWholeSoFar && covered.at(-1)) || null, firstLayer, stages, fits };
}

/** The first of the images, as the network takes them. */
function normalised({ side, data }: Images, count: number, { mean, deviation }: InputForm): Images {
  const first = data.subarray(0, count * side * side * 3);
  return { count, side, data: first.map((value, at) => (value - mean[at % 3]!) / deviation[at % 3]!) };
}

/** Dense kernels of 3×3 and larger behind the first layer; depthwise ones are too few numbers to tell. */
function furtherKernels(specs: readonly WeightSpec[], values: ReadonlyMap<string, Float32Array>, first: FirstLayer | undefined) {
  const kernels = specs.filter(({ name, layout, shape }) => layout === 'kernel' && shape[0]! > 1 && name !== `${first?.name}.weight`);
  return new Map(
    kernels.flatMap(({ name, shape }) => {
      const found = autocorrelationOf(values.get(name)!, shape as [number, number, number, number]);
      return found ? [[name, found] as const] : [];
    }),
  );
}

const begun = { scale: 1, shift: 0, mean: 0, variance: 1 };

/** Names of the convolutions whose batch-norm is exactly as every batch-norm begins. */
function untouchedNorms(specs: readonly WeightSpec[], values: ReadonlyMap<string, Float32Array>): string[] {
  const touched = new Map<string, boolean>();
  for (const { name, normalises } of specs) {
    if (!normalises) continue;
    const { convolution, part } = normalises;
    const moved = values.get(name)!.some((value) => value !== begun[part]);
    touched.set(convolution, (touched.get(convolution) ?? false) || moved);
  }
  return [...touched].filter(([, moved]) => !moved).map(([convolution]) => convolution);
}

function countsNoBatch(state: StateDict): boolean {
  const counts = [...state].filter(([name]) => name.endsWith('num_batches_tracked'));
  return counts.length > 0 && counts.every(([, { data }]) => data.every((value) => value === 0));
}
