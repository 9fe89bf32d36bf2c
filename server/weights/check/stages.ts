import type { AnyNodeDefinition, HostTensor, Pack, Signals, WeightSpec } from '../../../plugins/sdk/index.ts';
import { compileProgram } from '../../engine/compile-program.ts';
import type { Engine } from '../../engine/load.ts';
import { weightsIn } from '../../engine/weights-in.ts';
import { stagesOf } from '../network-stages.ts';
import { countOf } from '../state-dict.ts';
import type { Images } from './natural-images.ts';

/** What a stage gives for images. */
export interface StageFigures {
  stage: string;
  /** Height, width, channels. */
  shape: readonly number[];
  mean: number;
  deviation: number;
  /** Largest magnitude. */
  largest: number;
  /** Share of values that are 0, 0–1. */
  zeros: number;
  /** Channels that give the same value everywhere. */
  deadChannels: number;
  /** Values that are infinite or no number; the other figures leave them out. */
  notFinite: number;
}

/** A network as a pack gives it: the node that runs it frozen, and its stages from the image inwards. */
export interface Network {
  definition: AnyNodeDefinition;
  stages: readonly string[];
  /** Weights that stages up to this one need. */
  weightsUpTo(stage: string): readonly WeightSpec[];
}

/** The node of an architecture, by what it declares; undefined where no pack has one with stages. */
export function networkOf(packs: readonly Pack[], architecture: string): Network | undefined {
  for (const definition of packs.flatMap(({ nodes }) => nodes)) {
    const stages = stagesOf(definition);
    if (stages && definition.pretrained?.(paramsOf(definition, stages.slice(0, 1))).architecture === architecture) {
      const weightsUpTo = (stage: string): readonly WeightSpec[] =>
        definition.weights?.(someImages, paramsOf(definition, [stage])) ?? [];
      return { definition, stages, weightsUpTo };
    }
  }
  return undefined;
}

/** Weights do not depend on the size of the images. */
const someImages: Signals = { images: { type: 'images', shape: [224, 224, 3] } };

function paramsOf({ params }: AnyNodeDefinition, stages: readonly string[]): Record<string, unknown> {
  const defaults = Object.entries(params as Record<string, { default: unknown }>).map(([name, param]) => [name, param.default]);
  return { ...Object.fromEntries(defaults), stages };
}

/** Runs the network on images that are normalised already, as a run would, and looks at what each stage gives. */
export function stageFigures(
  engine: Engine,
  { definition }: Network,
  stages: readonly string[],
  values: ReadonlyMap<string, Float32Array>,
  { count, side, data }: Images,
): StageFigures[] {
  const params = paramsOf(definition, stages);
  const inputs: Signals = { images: { type: 'images', shape: [side, side, 3] } };
  const outputs = definition.infer(inputs, params, { cost: () => {}, problem: () => {} });
  const specs = definition.weights?.(inputs, params) ?? [];
  const constants = Object.fromEntries(specs.map(({ name, shape }) => [name, { shape, data: values.get(name)! }]));
  const shape = [count, side, side, 3];
  const program = compileProgram(
    engine,
    {
      name: 'weights check',
      key: [],
      constants,
      state: {},
      functions: {
        run: {
          inputs: { images: { shape, dtype: 'float32' } },
          run(ctx, given) {
            const { tf, kernels } = ctx;
            const apply = definition.build!({ tf, kernels, weights: weightsIn(ctx, specs), inputs, outputs }, params);
            return apply(given, { training: false, seed: tf.zeros([2], 'int32') });
          },
        },
      },
    },
    { mode: 'native' },
  );
  try {
    const found = program.call('run', { images: { shape, data } });
    return stages.map((stage) => figuresOf(stage, found[stage]!));
  } finally {
    program.dispose();
  }
}

/** Figures of a stage's values `[N, h, w, C]`. */
export function figuresOf(stage: string, { shape, data }: HostTensor): StageFigures {
  const channels = shape.at(-1)!;
  const lowest = new Float32Array(channels).fill(Infinity);
  const highest = new Float32Array(channels).fill(-Infinity);
  let [sum, squares, zeros, notFinite] = [0, 0, 0, 0];
  for (let at = 0; at < data.length; at++) {
    const value = data[at]!;
    if (!Number.isFinite(value)) {
      notFinite++;
      continue;
    }
    const channel = at % channels;
    sum += value;
    squares += value * value;
    if (value === 0) zeros++;
    if (value < lowest[channel]!) lowest[channel] = value;
    if (value > highest[channel]!) highest[channel] = value;
  }
  const finite = Math.max(1, countOf(shape) - notFinite);
  const mean = sum / finite;
  const largest = Math.max(0, ...highest, ...lowest.map((value) => -value));
  return {
    stage,
    shape: shape.slice(1),
    mean,
    deviation: Math.sqrt(Math.max(0, squares / finite - mean * mean)),
    largest,
    zeros: zeros / finite,
    deadChannels: [...highest].filter((high, channel) => !(high - lowest[channel]! > 1e-6 * largest)).length,
    notFinite,
  };
}
