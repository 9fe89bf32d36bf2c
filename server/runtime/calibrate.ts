import type { HostTensor } from '../../plugins/sdk/index.ts';
import { refName, type CalibrationStage, type PlanNode } from '../compiler/plan.ts';
import { weightName } from './assemble.ts';
import { atNode } from './at-node.ts';
import { breathe } from './breathe.ts';
import { paddedFeeds, type ImageFeed } from './image-feed.ts';
import { compileInference, firstSamples, type Compile } from './inference.ts';
import type { WeightValues } from './weight-values.ts';

export interface CalibrateTask {
  stages: readonly CalibrationStage[];
  nodes: ReadonlyMap<string, PlanNode>;
  weights: WeightValues;
  train: ImageFeed;
  validation: ImageFeed;
  batch: number;
  compile: Compile;
  signal?: AbortSignal;
  onProgress(done: number, total: number): void;
}

/**
 * Learns what the graph's calibrated nodes need of normal images, stage after stage, and returns the weights with
 * that filled in. Where no image was set aside for validation the training images stand in.
 */
export async function calibrate(task: CalibrateTask): Promise<WeightValues> {
  let weights = task.weights;
  const setOf = (stage: CalibrationStage): ImageFeed =>
    stage.images === 'validation' && task.validation.count > 0 ? task.validation : task.train;
  const total = task.stages.reduce((sum, stage) => sum + setOf(stage).count, 0);
  let done = 0;
  for (const stage of task.stages) {
    const set = setOf(stage);
    const batch = Math.min(task.batch, set.count);
    const passes = stage.calibrations.map((calibration) => ({
      ...calibration,
      pass: calibration.node.definition.calibrate!(calibration.node.params).begin(),
    }));
    const program = compileInference(task.compile, 'calibrate', task.nodes, stage.part, weights, batch);
    try {
      for await (const { real, feeds } of paddedFeeds(set, batch, stage.part.inputs.map(refName))) {
        const values = program.run(feeds);
        for (const { node, inputs, pass } of passes) {
          const given = Object.entries(inputs).map(([socket, ref]) => [socket, firstSamples(values[refName(ref)]!, real)]);
          atNode(node.id, () => pass.add(Object.fromEntries(given) as Record<string, HostTensor>));
        }
        done += real;
        task.onProgress(done, total);
        await breathe(task.signal);
      }
    } finally {
      program.dispose();
    }
    for (const { node, pass } of passes) weights = { ...weights, ...atNode(node.id, () => learned(node, pass.finish())) };
  }
  return weights;
}

function learned(node: PlanNode, values: Record<string, Float32Array>): WeightValues {
  return Object.fromEntries(
    node.weights
      .filter(({ role }) => role === 'calibrated')
      .map(({ name, shape }) => {
        const data = values[name];
        const count = shape.reduce((a, b) => a * b, 1);
        if (data?.length !== count) {
          throw new Error(`calibration gave ${data?.length ?? 'no'} numbers for "${name}", promised ${count}`);
        }
        return [weightName(node.id, name), { shape, data }];
      }),
  );
}
