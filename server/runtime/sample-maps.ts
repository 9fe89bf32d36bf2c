import type { HostTensor } from '../../plugins/sdk/index.ts';
import { refName, type Plan, type SinkPlan } from '../compiler/plan.ts';
import type { ProgramFeed } from '../engine/program.ts';
import { assembleViews } from './assemble-views.ts';
import { breathe } from './breathe.ts';
import type { ImageFeed } from './image-feed.ts';
import { compileInference, sampleOf, type Compile, type Inference } from './inference.ts';
import type { WeightValues } from './weight-values.ts';

export interface SampleOptions {
  /** How many test images are shown. */
  images: number;
  /** Seconds between two pictures of the same image, at least. */
  every: number;
  /** Given a map as it is now, in the coordinates of its sink. */
  onMap(sink: SinkPlan, image: number, map: HostTensor, at: { fit: string; epoch: number }): Promise<void>;
}

export interface SampleTask {
  plan: Plan;
  test: ImageFeed;
  testImages: readonly { anomalous: boolean }[];
  compile: Compile;
  signal?: AbortSignal;
}

/**
 * Shows while a graph is fitted what its maps are like by now: a few test images, after epochs. It looks at weights and
 * moves none, so that a run with it ends with the result of a run without.
 */
export class SampleMaps {
  readonly #task: SampleTask;
  readonly #options: SampleOptions;
  readonly #sinks: readonly SinkPlan[];
  readonly #images: readonly number[];
  readonly #program: Inference;
  #last = Number.NEGATIVE_INFINITY;

  private constructor(task: SampleTask, options: SampleOptions, sinks: readonly SinkPlan[], images: readonly number[], weights: WeightValues) {
    this.#task = task;
    this.#options = options;
    this.#sinks = sinks;
    this.#images = images;
    this.#program = compileInference(task.compile, 'samples', task.plan.nodes, task.plan.predict.part, weights, 1, { moves: true });
  }

  /** Null where there is nothing to show: no map, or no test images. */
  static of(task: SampleTask, options: SampleOptions, weights: WeightValues): SampleMaps | null {
    const sinks = task.plan.predict.sinks.filter(({ kind }) => kind === 'map');
    const images = chosen(task.testImages, options.images);
    return sinks.length > 0 && images.length > 0 ? new SampleMaps(task, options, sinks, images, weights) : null;
  }

  /** Takes the weights of an epoch, and shows them if the last pictures are old enough. */
  async show(fit: string, weights: WeightValues, epoch: number): Promise<void> {
    if (performance.now() - this.#last < this.#options.every * 1000) return;
    this.#program.write(weights);
    for (const image of this.#images) {
      const views = await this.#views(image);
      for (const sink of this.#sinks) {
        const maps = views.map((values) => sampleOf(values[refName(sink.value)]!, 0));
        await this.#options.onMap(sink, image, assembleViews(sink, maps, this.#task.test.inspection(image, sink.source)), { fit, epoch });
      }
      await breathe(this.#task.signal);
    }
    this.#last = performance.now();
  }

  write(weights: WeightValues): void {
    this.#program.write(weights);
  }

  dispose(): void {
    this.#program.dispose();
  }

  async #views(image: number): Promise<Record<string, HostTensor>[]> {
    const { test, plan } = this.#task;
    const wanted = plan.predict.part.inputs.map(refName);
    const found: Record<string, HostTensor>[] = [];
    for (let view = test.firstViews[image]!; view < test.firstViews[image + 1]!; view++) {
      const feeds: Record<string, ProgramFeed> = await test.feeds([view], wanted);
      found.push(this.#program.run(feeds));
    }
    return found;
  }
}

/** Anomalous images from all over the list, as there each kind of defect stands together; good ones where there are none. */
function chosen(images: readonly { anomalous: boolean }[], count: number): number[] {
  const all = [...images.keys()];
  const anomalous = all.filter((i) => images[i]!.anomalous);
  const from = anomalous.length > 0 ? anomalous : all;
  const most = Math.min(count, from.length);
  return Array.from({ length: most }, (_, i) => from[Math.floor(((i + 0.5) * from.length) / most)]!);
}
