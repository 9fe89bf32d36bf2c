import type { HostTensor } from '../../plugins/sdk/index.ts';
import { refName, type Plan, type SinkPlan } from '../compiler/plan.ts';
import { assembleViews } from './assemble-views.ts';
import { breathe } from './breathe.ts';
import { paddedFeeds, type ImageFeed } from './image-feed.ts';
import { compileInference, sampleOf, type Compile } from './inference.ts';
import type { WeightValues } from './weight-values.ts';

export interface PredictTask {
  plan: Plan;
  weights: WeightValues;
  images: ImageFeed;
  /** Views that are computed at once. */
  batch: number;
  compile: Compile;
  signal?: AbortSignal;
  onProgress(done: number, total: number): void;
}

/**
 * Scores images: what each sink is given for each image, image by image, in order. Where an image has several views
 * its score is the largest of theirs, its map is joined from theirs.
 */
export async function* predict(task: PredictTask): AsyncGenerator<{ index: number; values: Map<SinkPlan, HostTensor> }> {
  const { plan, images } = task;
  const { part, sinks } = plan.predict;
  const batch = Math.min(task.batch, images.count);
  const program = compileInference(task.compile, 'predict', plan.nodes, part, task.weights, batch);
  let image = 0;
  /** Of the views so far of the image at hand, by sink. */
  let views: HostTensor[][] = sinks.map(() => []);
  try {
    for await (const { indices, real, feeds } of paddedFeeds(images, batch, part.inputs.map(refName))) {
      const outputs = program.run(feeds);
      for (let i = 0; i < real; i++) {
        sinks.forEach((sink, s) => views[s]!.push(sampleOf(outputs[refName(sink.value)]!, i)));
        if (indices[i]! + 1 < images.firstViews[image + 1]!) continue;
        const values = new Map(sinks.map((sink, s) => [sink, assembleViews(sink, views[s]!, images.inspection(image, sink.source))]));
        views = sinks.map(() => []);
        yield { index: image++, values };
      }
      task.onProgress(image, images.images);
      await breathe(task.signal);
    }
  } finally {
    program.dispose();
  }
}
