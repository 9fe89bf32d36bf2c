import type { HostTensor } from '../../plugins/sdk/index.ts';
import { refName, type CalibrationStage, type PlanNode } from '../compiler/plan.ts';
import { atNode } from '../engine/at-node.ts';
import { weightName } from './assemble.ts';
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
      // A verdict is of an image: its threshold follows from images, however many views they have.
      perImage: isVerdict(calibration.node) ? imageScores(set) : null,
      pass: calibration.node.definition.calibrate!(calibration.node.params).begin(),
    }));
    const program = compileInference(task.compile, 'calibrate', task.nodes, stage.part, weights, batch);
    try {
      for await (const { real, feeds } of paddedFeeds(set, batch, stage.part.inputs.map(refName))) {
        const values = program.run(feeds);
        for (const { node, inputs, pass, perImage } of passes) {
          const ofViews = Object.fromEntries(
            Object.entries(inputs).map(([socket, ref]) => [socket, firstSamples(values[refName(ref)]!, real)]),
          );
          const given = perImage ? perImage(ofViews) : ofViews;
          if (given) atNode(node.id, () => pass.add(given), node.definition.type);
        }
        done += real;
        task.onProgress(done, total);
        await breathe(task.signal);
      }
    } finally {
      program.dispose();
    }
    for (const { node, pass } of passes) weights = { ...weights, ...atNode(node.id, () => learned(node, pass.finish()), node.definition.type) };
  }
  return weights;
}

function isVerdict({ definition, params }: PlanNode): boolean {
  return definition.sink?.(params).kind === 'score';
}

/**
 * From scores of views, batch after batch in order, to scores of images: the largest of each image's views, as soon as
 * all of them are there. Null where no image is.
 */
function imageScores(set: ImageFeed): (views: Record<string, HostTensor>) => Record<string, HostTensor> | null {
  let image = 0;
  let view = 0;
  const waiting: Record<string, number> = {};
  return (views) => {
    const [begun, from] = [image, view];
    const found = Object.entries(views).map(([socket, { data }]): [string, HostTensor] => {
      const scores: number[] = [];
      [image, view] = [begun, from];
      for (const score of data) {
        waiting[socket] = view === set.firstViews[image] ? score : Math.max(waiting[socket]!, score);
        if (++view < set.firstViews[image + 1]!) continue;
        scores.push(waiting[socket]!);
        image++;
      }
      return [socket, { shape: [scores.length], data: Float32Array.from(scores) }];
    });
    return image > begun ? Object.fromEntries(found) : null;
  };
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
