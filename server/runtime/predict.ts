import type { HostTensor } from '../../plugins/sdk/index.ts';
import { refName, type Plan, type SinkPlan } from '../compiler/plan.ts';
import { breathe } from './breathe.ts';
import { paddedFeeds, type ImageFeed } from './image-feed.ts';
import { compileInference, sampleOf, type Compile } from './inference.ts';
import type { WeightValues } from './weight-values.ts';

export interface PredictTask {
  plan: Plan;
  weights: WeightValues;
  images: ImageFeed;
  batch: number;
  compile: Compile;
  signal?: AbortSignal;
  onProgress(done: number, total: number): void;
}

/** Scores images: what each sink is given for each image, image by image, in order. */
export async function* predict(task: PredictTask): AsyncGenerator<{ index: number; values: Map<SinkPlan, HostTensor> }> {
  const { plan, images } = task;
  const { part, sinks } = plan.predict;
  const batch = Math.min(task.batch, images.count);
  const program = compileInference(task.compile, 'predict', plan.nodes, part, task.weights, batch);
  try {
    for await (const { indices, real, feeds } of paddedFeeds(images, batch, part.inputs.map(refName))) {
      const outputs = program.run(feeds);
      for (let i = 0; i < real; i++) {
        const values = new Map(sinks.map((sink) => [sink, sampleOf(outputs[refName(sink.value)]!, i)]));
        yield { index: indices[i]!, values };
      }
      task.onProgress(indices[real - 1]! + 1, images.count);
      await breathe(task.signal);
    }
  } finally {
    program.dispose();
  }
}
