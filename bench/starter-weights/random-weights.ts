import { Argument, Command } from 'commander';
import type { Tensors } from '../../plugins/sdk/index.ts';
import { compileProgram } from '../../server/engine/compile-program.ts';
import { ensureEngine } from '../../server/engine/ensure.ts';
import type { Values } from '../../server/engine/program.ts';
import { weightsIn } from '../../server/engine/weights-in.ts';
import { drawWeight } from '../../server/runtime/weight-values.ts';
import { studentWeights } from '../../server/starter/distil-program.ts';
import { exportWeights } from '../../server/starter/export.ts';
import { ImagePool } from '../../server/starter/image-pool.ts';
import { efficientNetB0Recipe, resnet18Recipe, type Recipe } from '../../server/starter/recipe.ts';

/**
 * Writes a teacher that has learnt nothing, the lower end of what starter weights are measured on: kernels as they are
 * drawn for training (He), batch-norm's averages settled on the generated images that starter weights are made from.
 */
const recipes = [resnet18Recipe, efficientNetB0Recipe];
/** Batches until averages of momentum 0.1 have forgotten where they began: 0.9^80 is 2e-4. */
const batches = 80;

const program = new Command('random-weights')
  .addArgument(new Argument('<architecture>').choices(recipes.map(({ architecture }) => architecture)))
  .argument('<file>', 'safetensors to write')
  .option('--seed <n>', 'decides kernels and images', Number, 0)
  .parse();
const [architecture, file] = program.args as [string, string];
const { seed } = program.opts<{ seed: number }>();
await write(recipes.find((recipe) => recipe.architecture === architecture)!);

async function write(recipe: Recipe): Promise<void> {
  const specs = studentWeights(recipe);
  const state: Record<string, Values> = Object.fromEntries(
    specs.map((spec) => [spec.name, { shape: spec.shape, data: drawWeight(spec, seed, spec.name) }]),
  );
  const shape = [recipe.batch, recipe.side, recipe.side, 3];
  const settling = compileProgram(
    await ensureEngine(),
    {
      name: `random ${recipe.architecture}`,
      key: [],
      constants: {},
      state,
      functions: {
        settle: {
          inputs: { images: { shape, dtype: 'float32' } },
          run(ctx, { images }): Tensors {
            const { tf, kernels } = ctx;
            const weights = weightsIn(ctx, specs);
            const build = recipe.network.build!({ tf, kernels, weights, inputs: {}, outputs: {} }, { stages: recipe.stages } as never);
            const normal = tf.div(tf.sub(images!, tf.tensor1d([0.485, 0.456, 0.406])), tf.tensor1d([0.229, 0.224, 0.225]));
            const features = build({ images: normal }, { training: true, seed: tf.zeros([2], 'int32') });
            return { mean: tf.mean(features[recipe.stages.at(-1)!]!) };
          },
        },
      },
    },
    { mode: 'native' },
  );
  const pool = new ImagePool({ side: recipe.side, size: 256, fresh: 4, seed });
  for (let i = 0; i < batches; i++) settling.call('settle', { images: { shape, data: pool.batch(recipe.batch) } });
  const names = specs.map(({ name }) => name);
  await exportWeights(file, specs, settling.read(names), { made: `random weights of ${recipe.architecture}, seed ${seed}` });
  settling.dispose();
}
