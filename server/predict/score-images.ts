import { StillroomError, type HostTensor, type Problem } from '../../plugins/sdk/index.ts';
import { refName, type ImageSource, type SinkPlan } from '../compiler/plan.ts';
import { cutView } from '../data/decode.ts';
import { readPixels } from '../data/image-file.ts';
import { inspectionOf, type Inspection } from '../data/inspection.ts';
import type { Pixels } from '../data/resample.ts';
import type { ProgramFeed } from '../engine/program.ts';
import { assembleViews } from '../runtime/assemble-views.ts';
import { breathe } from '../runtime/breathe.ts';
import { compileInference, sampleOf, type Compile, type Inference } from '../runtime/inference.ts';
import { Ahead } from './ahead.ts';
import type { FinishedRun } from './finished-run.ts';
import type { Named } from './image-paths.ts';

/** What a run says of an image. */
export interface ScoredImage {
  file: string;
  pixels: Pixels;
  values: ReadonlyMap<SinkPlan, HostTensor>;
  inspection(sink: SinkPlan): Inspection;
}

/** An image that could not be scored, and why. */
export interface FailedImage {
  file: string;
  error: Problem;
}

export interface ScoreOptions {
  compile: Compile;
  /** Views that are computed at once. */
  batch: number;
  /** Images come one by one, and who sends them waits for each: what has come is not held back to fill a batch. */
  asTheyCome: boolean;
  signal?: AbortSignal;
}

/** Views that are computed at once: at most `most`, and no more than there are images where each is one view. */
export function batchFor({ plan }: FinishedRun, images: number | null, most: number): number {
  const isTiled = plan.sources.some(({ geometry }) => geometry.mode === 'tiles');
  return images === null || isTiled ? most : Math.min(most, Math.max(1, images));
}

/** An image being scored. */
interface Entry {
  file: string;
  pixels: Pixels;
  inspections: ReadonlyMap<string, Inspection>;
  /** Results of its views so far, by sink. */
  views: HostTensor[][];
  /** Views that no batch has taken yet: the number of the first. */
  taken: number;
  count: number;
}

/** How long nothing must have come until what has come is scored, ms. */
const patience = 20;

/**
 * Scores images in the order they come; an image that cannot be read is given as such, in its place. Decoding goes on
 * while TensorFlow works. Throws `cancelled`.
 */
export async function* scoreImages(
  run: FinishedRun,
  images: AsyncIterable<Named>,
  options: ScoreOptions,
): AsyncGenerator<ScoredImage | FailedImage> {
  const scorer = new Scorer(run, options);
  const cancelled = untilAborted(options.signal);
  try {
    const ahead = new Ahead(images, options.batch + 2, (named) => scorer.open(named));
    let next = ahead.next();
    for (;;) {
      const mayWait = !scorer.hasWaiting;
      const isIdle = !mayWait && options.asTheyCome && (await isQuiet(next, ahead, cancelled));
      if (isIdle) scorer.run();
      else {
        const opened = await Promise.race([next, cancelled]);
        // What ends an input that goes on for ever is that it is cancelled.
        if (opened === undefined) await breathe(options.signal);
        if (opened === undefined) break;
        scorer.add(opened);
        while (scorer.isFull) {
          scorer.run();
          await breathe(options.signal);
        }
        next = ahead.next();
      }
      yield* scorer.finished();
    }
    while (scorer.hasWaiting) {
      scorer.run();
      await breathe(options.signal);
    }
    yield* scorer.finished();
  } finally {
    scorer.dispose();
  }
}

/** Turns images into views, views into batches, and results of views into results of images. */
class Scorer {
  readonly #run: FinishedRun;
  readonly #options: ScoreOptions;
  readonly #sources: readonly ImageSource[];
  /** In the order they came; what is not yet scored or failed holds up what came after it. */
  readonly #entries: (Entry | FailedImage)[] = [];
  readonly #programs = new Map<number, Inference>();
  #waiting = 0;

  constructor(run: FinishedRun, options: ScoreOptions) {
    this.#run = run;
    this.#options = options;
    const wanted = run.plan.predict.part.inputs.map(refName);
    this.#sources = run.plan.sources.filter(({ value }) => wanted.includes(refName(value)));
  }

  get hasWaiting(): boolean {
    return this.#waiting > 0;
  }

  get isFull(): boolean {
    return this.#waiting >= this.#options.batch;
  }

  /** Never rejects. */
  async open(named: Named): Promise<Entry | FailedImage> {
    const { file } = named;
    if ('error' in named) return { file, error: problemOf(named.error, file) };
    try {
      const pixels = await readPixels(file);
      const size = [pixels.height, pixels.width] as const;
      const inspections = new Map(this.#run.plan.sources.map((s) => [refName(s.value), inspectionOf(size, s.geometry, file)]));
      const [first] = inspections.values();
      return { file, pixels, inspections, views: this.#run.plan.predict.sinks.map(() => []), taken: 0, count: first!.windows.length };
    } catch (error) {
      return { file, error: problemOf(error, file) };
    }
  }

  add(opened: Entry | FailedImage): void {
    this.#entries.push(opened);
    if (!('error' in opened)) this.#waiting += opened.count;
  }

  /** Scores as many of the waiting views as a batch takes. */
  run(): void {
    const taken = this.#take(this.#options.batch);
    const size = this.#sizeFor(taken.length);
    const program = this.#program(size);
    const padded = Array.from({ length: size }, (_, i) => taken[Math.min(i, taken.length - 1)]!);
    const { sinks } = this.#run.plan.predict;
    const outputs = program.run(Object.fromEntries(this.#sources.map((source) => [refName(source.value), feedOf(padded, source)])));
    for (const [i, { entry }] of taken.entries()) {
      sinks.forEach((sink, s) => entry.views[s]!.push(sampleOf(outputs[refName(sink.value)]!, i)));
    }
    this.#waiting -= taken.length;
  }

  /** What is done and waits for nothing before it. */
  *finished(): Generator<ScoredImage | FailedImage> {
    for (let [entry] = this.#entries; entry; [entry] = this.#entries) {
      if ('error' in entry) yield entry;
      else if ((entry.views[0]?.length ?? 0) === entry.count) yield this.#assemble(entry);
      else return;
      this.#entries.shift();
    }
  }

  dispose(): void {
    for (const program of this.#programs.values()) program.dispose();
    this.#programs.clear();
  }

  #take(most: number): { entry: Entry; view: number }[] {
    const taken: { entry: Entry; view: number }[] = [];
    for (const entry of this.#entries) {
      if ('error' in entry) continue;
      while (entry.taken < entry.count && taken.length < most) taken.push({ entry, view: entry.taken++ });
    }
    return taken;
  }

  /** A batch that is not full is filled up; an image that came alone gets a program of its own. */
  #sizeFor(views: number): number {
    return this.#options.asTheyCome && views === 1 ? 1 : this.#options.batch;
  }

  #program(size: number): Inference {
    const { plan, weights } = this.#run;
    const known = this.#programs.get(size);
    if (known) return known;
    const program = compileInference(this.#options.compile, 'predict', plan.nodes, plan.predict.part, weights, size, { keep: true });
    this.#programs.set(size, program);
    return program;
  }

  #assemble({ file, pixels, inspections, views }: Entry): ScoredImage | FailedImage {
    const inspection = (sink: SinkPlan): Inspection => inspections.get(refName(sink.source.value))!;
    const values = new Map(this.#run.plan.predict.sinks.map((sink, s) => [sink, assembleViews(sink, views[s]!, inspection(sink))]));
    const broken = [...values].find(([, { data }]) => !data.every(Number.isFinite));
    if (!broken) return { file, pixels, values, inspection };
    const [{ name, kind, node }] = broken;
    return {
      file,
      error: {
        code: kind === 'score' ? 'score-not-finite' : 'map-not-finite',
        severity: 'error',
        node: node.id,
        message: `expected a finite ${kind} "${name}", found one that is not`,
        hint: 'look at the image; if others are scored well, it is unlike anything that was fitted on',
      },
    };
  }
}

/** Bytes to float32 0–1, as `ImageStore` does it. */
const unit = Float32Array.from({ length: 256 }, (_, value) => value / 255);

function feedOf(views: readonly { entry: Entry; view: number }[], { value, signal, geometry }: ImageSource): ProgramFeed {
  const size = geometry.size[0] * geometry.size[1] * 3;
  const data = new Float32Array(views.length * size);
  let last: Uint8Array = new Uint8Array(0);
  views.forEach(({ entry, view }, i) => {
    const isSame = i > 0 && views[i - 1]!.entry === entry && views[i - 1]!.view === view;
    const inspection = entry.inspections.get(refName(value))!;
    if (!isSame) last = cutView(entry.pixels, inspection, inspection.windows[view]!);
    for (let at = 0, to = i * size; at < size; at++, to++) data[to] = unit[last[at]!]!;
  });
  return { shape: [views.length, ...signal.shape], data };
}

function problemOf(error: unknown, file: string): Problem {
  if (error instanceof StillroomError) return error.problems[0]!;
  return { code: 'defect', severity: 'error', file, message: error instanceof Error ? error.message : String(error) };
}

/** Whether nothing is on its way: a batch that cannot be filled is not worth waiting for. */
async function isQuiet(next: Promise<unknown>, ahead: Ahead<Named, unknown>, cancelled: Promise<never>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const quiet = new Promise<true>((resolve) => (timer = setTimeout(resolve, patience, true)));
  try {
    const first = await Promise.race([next.then(() => false), quiet, cancelled]);
    return first && ahead.waiting === 0;
  } finally {
    clearTimeout(timer);
  }
}

/** Rejects with `cancelled` once the signal says so; otherwise stays pending. */
function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  const cancelled = new Promise<never>((_, reject) => {
    const cancel = (): void => void breathe(signal).catch(reject);
    if (signal?.aborted) cancel();
    else signal?.addEventListener('abort', cancel, { once: true });
  });
  cancelled.catch(() => undefined);
  return cancelled;
}
