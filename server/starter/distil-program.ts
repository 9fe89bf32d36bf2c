import {
  createRandom,
  distanceMap,
  type BuildEnv,
  type NetSettings,
  type Tensor,
  type Tensors,
  type Weight,
  type WeightSpec,
} from '../../plugins/sdk/index.ts';
import { SymbolicNet } from '../../plugins/sdk/symbolic-net.ts';
import { TensorNet } from '../../plugins/sdk/tensor-net.ts';
import type { ProgramContext, ProgramSpec, Values } from '../engine/program.ts';
import { adamw } from '../../plugins/training/optimisers/adam.ts';
import { ruleOf } from '../engine/update-rules.ts';
import { weightsIn } from '../engine/weights-in.ts';
import { drawWeight } from '../runtime/weight-values.ts';
import type { Cycle, Recipe } from './recipe.ts';

export const optimiser = { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 } as const;

/** Lite0 as it was trained, but padded as PyTorch pads, so that its positions lie where the student's lie. */
const targetSettings: NetSettings = { padding: 'torch', epsilon: 1e-3, momentum: 0.9, trainable: false };
const targetNorm = { mean: [0.498, 0.498, 0.498], deviation: [0.502, 0.502, 0.502] };
const studentNorm = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };

/** Weights that the targets need, each once. */
export function targetWeights(recipe: Recipe): WeightSpec[] {
  const net = new SymbolicNet(targetSettings);
  recipe.targets(net, { size: [recipe.side, recipe.side, 3], stride: 1 });
  return [...new Map(net.weights.map((spec) => [spec.name, spec])).values()];
}

/** Weights of the network that is trained. */
export function studentWeights(recipe: Recipe): readonly WeightSpec[] {
  const images = { type: 'images', shape: [recipe.side, recipe.side, 3] } as const;
  return recipe.network.weights!({ images }, { stages: recipe.stages } as never);
}

/**
 * One step: a batch of images through target and student, the mean normalised distance over stages, AdamW. The student
 * begins with the weights of `from`, where given.
 */
export function distilProgram(
  recipe: Recipe,
  { border }: Cycle,
  target: ReadonlyMap<string, Values>,
  seed: number,
  from: ReadonlyMap<string, Values> | null,
): { spec: ProgramSpec; trainable: string[]; kept: string[] } {
  const rule = ruleOf(adamw, optimiser);
  const specs = studentWeights(recipe);
  const state: Record<string, Values> = {};
  for (const spec of specs) {
    state[spec.name] = { shape: spec.shape, data: from?.get(spec.name)?.data ?? recipe.start?.(spec, target) ?? drawWeight(spec, seed, spec.name) };
  }
  const heads = recipe.head ? headShapes(recipe) : {};
  for (const [name, shape] of Object.entries(heads)) {
    const random = createRandom(seed, name);
    const deviation = 1 / Math.sqrt(shape[2]!);
    state[name] = { shape, data: Float32Array.from({ length: shape[2]! * shape[3]! }, () => deviation * random.normal()) };
  }
  const trainable = [...specs.filter(({ role }) => role === 'trainable').map(({ name }) => name), ...Object.keys(heads)];
  for (const name of trainable) {
    const { shape, data } = state[name]!;
    for (const slot of rule.slots) state[`${name}/${slot}`] = { shape, data: new Float32Array(data.length) };
  }
  const constants = Object.fromEntries([...target].map(([name, values]) => [`target/${name}`, values]));
  const spec: ProgramSpec = {
    name: `starter ${recipe.architecture}`,
    key: [],
    constants,
    state,
    functions: {
      step: {
        inputs: {
          images: { shape: [recipe.batch, recipe.side, recipe.side, 3], dtype: 'float32' },
          ...Object.fromEntries(rule.hyper.map((name) => [name, { shape: [], dtype: 'float32' as const }])),
        },
        run(ctx, inputs): Tensors {
          const hyper = Object.fromEntries(rule.hyper.map((name) => [name, inputs[name]!]));
          const wanted = targets(ctx, recipe, inputs['images']!);
          return { loss: ctx.minimise(() => loss(ctx, { recipe, border, specs }, inputs['images']!, wanted), trainable, rule, hyper) };
        },
      },
    },
  };
  return { spec, trainable, kept: specs.map(({ name }) => name) };
}

function headShapes(recipe: Recipe): Record<string, readonly number[]> {
  const net = new SymbolicNet(targetSettings);
  const wanted = recipe.targets(net, { size: [recipe.side, recipe.side, 3], stride: 1 });
  const images = { type: 'images', shape: [recipe.side, recipe.side, 3] } as const;
  const given = recipe.network.infer({ images }, { stages: recipe.stages } as never, { problem: () => {}, cost: () => {} });
  return Object.fromEntries(
    recipe.stages.map((stage) => [`head/${stage}`, [1, 1, given[stage]!.shape[2]!, wanted[stage]!.size[2]]]),
  );
}

function targets(ctx: ProgramContext, recipe: Recipe, images: Tensor): Tensors {
  const weights = new Proxy({} as Record<string, Weight>, {
    get: (_, name: string) => ({ read: () => ctx.read(`target/${name}`), assign: () => undefined }),
  });
  const net = new TensorNet({ tf: ctx.tf, kernels: ctx.kernels, weights } as unknown as BuildEnv, targetSettings, {
    training: false,
    seed: ctx.tf.zeros([2], 'int32'),
  });
  return recipe.targets(net, normalised(ctx, images, targetNorm) as never);
}

interface Compared {
  recipe: Recipe;
  border: number;
  specs: readonly WeightSpec[];
}

function loss(ctx: ProgramContext, { recipe, border, specs }: Compared, images: Tensor, wanted: Tensors): Tensor {
  const { tf, kernels } = ctx;
  const weights = weightsIn(ctx, specs);
  const build = recipe.network.build!({ tf, kernels, weights, inputs: {}, outputs: {} }, { stages: recipe.stages } as never);
  const training = recipe.statistics === 'batch';
  const given = build({ images: normalised(ctx, images, studentNorm) }, { training, seed: tf.zeros([2], 'int32') });
  const distances = recipe.stages.map((stage) => {
    const own = given[stage]!;
    const head = recipe.head ? tf.conv2d(own as never, ctx.read(`head/${stage}`) as never, 1, 'same') : own;
    return tf.mean(inside(ctx, distanceMap(tf, kernels, wanted[stage]!, head, 'squared-l2'), border));
  });
  return tf.div(tf.addN(distances), distances.length);
}

function inside({ tf }: ProgramContext, map: Tensor, border: number): Tensor {
  if (border === 0) return map;
  const [count = 0, height = 0, width = 0] = map.shape;
  return tf.slice(map, [0, border, border, 0], [count, height - 2 * border, width - 2 * border, 1]);
}

function normalised({ tf }: ProgramContext, images: Tensor, { mean, deviation }: typeof targetNorm): Tensor {
  return tf.div(tf.sub(images, tf.tensor1d(mean)), tf.tensor1d(deviation));
}
