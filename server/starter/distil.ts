import type { Values } from '../engine/program.ts';
import { compileProgram } from '../engine/compile-program.ts';
import type { Engine } from '../engine/load.ts';
import { adamw } from '../../plugins/training/optimisers/adam.ts';
import { oneCycle } from '../../plugins/training/schedules/one-cycle.ts';
import { hyperOf } from '../engine/update-rules.ts';
import { distilProgram, optimiser } from './distil-program.ts';
import { ImagePool } from './image-pool.ts';
import type { Cycle, Recipe } from './recipe.ts';

export interface DistilOptions {
  seed: number;
  /** Weights to go on from; null to begin as the recipe says. */
  from: ReadonlyMap<string, Values> | null;
  onStep(step: number, steps: number, loss: number): void;
  /** Called now and then with the weights so far. */
  onSnapshot(step: number, weights: Record<string, Values>): Promise<void>;
  snapshotEvery: number;
}

const schedule = { kind: 'one-cycle', peak: 10, warmUp: 0.15 } as const;

/** One cycle of training a recipe's network on generated images to give the target's features. Returns its weights. */
export async function distil(
  engine: Engine,
  recipe: Recipe,
  cycle: Cycle,
  target: ReadonlyMap<string, Values>,
  { seed, from, onStep, onSnapshot, snapshotEvery }: DistilOptions,
): Promise<Record<string, Values>> {
  const { spec, kept } = distilProgram(recipe, cycle, target, seed, from);
  const program = compileProgram(engine, spec, { mode: 'native' });
  try {
    const pool = new ImagePool({ side: recipe.side, size: 256, fresh: 4, seed });
    const shape = [recipe.batch, recipe.side, recipe.side, 3];
    for (let step = 0; step < cycle.steps; step++) {
      const rate = oneCycle.rate(schedule, null, { base: recipe.rate, step, steps: cycle.steps });
      const hyper = Object.entries(hyperOf(adamw, optimiser, rate, step + 1));
      const { loss } = program.call('step', {
        images: { shape, data: pool.batch(recipe.batch) },
        ...Object.fromEntries(hyper.map(([name, value]) => [name, { shape: [], data: Float32Array.of(value) }])),
      });
      onStep(step + 1, cycle.steps, loss!.data[0]!);
      if ((step + 1) % snapshotEvery === 0) await onSnapshot(step + 1, program.read(kept));
    }
    return program.read(kept);
  } finally {
    program.dispose();
  }
}
