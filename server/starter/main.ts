import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, Option } from 'commander';
import type { WeightSpec } from '../../plugins/sdk/index.ts';
import type { Values } from '../engine/program.ts';
import { ensureEngine } from '../engine/ensure.ts';
import { builtinPacks } from '../plugins/builtin.ts';
import { importWeights } from '../weights/import.ts';
import { architectureNamed, openWeightsRegistry } from '../weights/registry.ts';
import { resolveWeights } from '../weights/resolve.ts';
import type { StateDict } from '../weights/state-dict.ts';
import { distil } from './distil.ts';
import { studentWeights, targetWeights } from './distil-program.ts';
import { exportWeights } from './export.ts';
import { efficientNetB0Recipe, resnet18Recipe, type Recipe } from './recipe.ts';

/** `npm run starter-weights`: makes the starter weights that ship, again. */
const recipes = [efficientNetB0Recipe, resnet18Recipe];
const folder = fileURLToPath(new URL('../../plugins/teachers/starter/', import.meta.url));

const program = new Command('starter-weights')
  .description("Distil EfficientNet-Lite0's ImageNet features into the starter weights, on generated images")
  .addOption(new Option('--only <architecture>', 'one of them').choices(recipes.map(({ architecture }) => architecture)))
  .option('--steps <n>', 'steps of each cycle instead of the recipe’s', Number)
  .option('--seed <n>', 'decides starting weights and images', Number, 0)
  .option('--from <file>', 'weights of the architecture to begin with')
  .option('--out <dir>', 'folder to write to', folder);

const { only, steps, seed, from, out } = program.parse().opts<{ only?: string; steps?: number; seed: number; from?: string; out: string }>();
const engine = await ensureEngine();
const registry = await openWeightsRegistry(builtinPacks);
const lite0 = await resolveWeights(registry, 'efficientnet-lite0', '');
for (const recipe of recipes.filter(({ architecture }) => !only || architecture === only)) {
  await make({ ...recipe, cycles: recipe.cycles.map((cycle) => ({ ...cycle, steps: steps ?? cycle.steps })) });
}

/** The weights of a file under the architecture's own names. */
function valuesOf({ state, file }: { state: StateDict; file: string }, architecture: string, specs: readonly WeightSpec[]): Map<string, Values> {
  const { values } = importWeights(state, architectureNamed(registry, architecture), specs, file);
  return new Map(specs.map(({ name, shape }) => [name, { shape, data: values.get(name)! }]));
}

async function make(recipe: Recipe): Promise<void> {
  const target = valuesOf(lite0, 'efficientnet-lite0', targetWeights(recipe));
  const earlier = from === undefined ? null : await resolveWeights(registry, recipe.architecture, from);
  const save = (made: string, weights: Record<string, Values>): Promise<void> =>
    exportWeights(join(out, `${recipe.architecture}.safetensors`), studentWeights(recipe), weights, {
      made: `npm run starter-weights -- --only ${recipe.architecture} --seed ${seed}`,
      from: `EfficientNet-Lite0, ImageNet (Apache-2.0), SHA-256 ${lite0.sha256}`,
      steps: made,
      ...(earlier ? { began: `SHA-256 ${earlier.sha256}` } : {}),
    });
  let weights = earlier && valuesOf(earlier, recipe.architecture, studentWeights(recipe));
  for (const [index, cycle] of recipe.cycles.entries()) {
    const place = `cycle ${index + 1} of ${recipe.cycles.length}`;
    const ended = await distil(engine, recipe, cycle, target, {
      seed: seed + index,
      from: weights,
      snapshotEvery: 500,
      onSnapshot: (step, values) => save(`${step} of ${cycle.steps}, ${place}`, values),
      onStep: tellSteps(`${recipe.architecture}, ${place}`),
    });
    await save(`${cycle.steps}, ${place}`, ended);
    weights = new Map(Object.entries(ended));
  }
}

function tellSteps(name: string): (step: number, total: number, loss: number) => void {
  const every = 25;
  let [sum, since] = [0, performance.now()];
  return (step, total, loss) => {
    sum += loss;
    if (step % every) return;
    const seconds = (performance.now() - since) / 1000 / every;
    process.stderr.write(
      `${name}: step ${step} of ${total}, distance ${(sum / every).toFixed(4)}, ` +
        `${seconds.toFixed(2)} s a step, ${Math.round(((total - step) * seconds) / 60)} min left\n`,
    );
    [sum, since] = [0, performance.now()];
  };
}
