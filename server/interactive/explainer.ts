import type { HostTensor, Size } from '../../plugins/sdk/index.ts';
import { StillroomError } from '../../plugins/sdk/index.ts';
import { partFor } from '../compiler/part.ts';
import { refName, type Part, type ValueRef } from '../compiler/plan.ts';
import { inspectionOf, type Inspection } from '../data/inspection.ts';
import { mapSinkOf } from '../predict/map-file.ts';
import { compileInference, sampleOf } from '../runtime/inference.ts';
import { combinationOf, combine, type Combined } from '../why/combination.ts';
import { explainable, type Explained } from '../why/contributions.ts';
import type { Normality } from '../why/normality.ts';
import { usualOf } from '../why/normality.ts';
import { placeOf } from '../why/place.ts';
import { ByteLru } from './byte-lru.ts';
import { describePixel } from './describe-pixel.ts';
import { layerPictures } from './layer-pictures.ts';
import { normalityOf } from './normality-of-run.ts';
import type { Talk } from './previewer.ts';
import type { ReadyRun, ReadyRuns } from './ready-runs.ts';
import { ViewedImage } from './views.ts';
import type { LayerAnswer, LayerTask, WhyAnswer, WhyTask } from './why-task.ts';

/** A run, with all that its explanations need. */
export interface ExplainedRun extends ReadyRun {
  results: readonly { explained: Explained; combination: Part }[];
  /** From images to every feature that is compared and every map that is combined. */
  part: Part;
}

/** Nothing, and why. */
export interface Unknown extends Pick<Normality, 'images' | 'patches' | 'levels'> {
  levelsOf: null;
  why: string;
}
export type Normal = Normality | Unknown;

export type Values = Readonly<Record<string, HostTensor>>;

const valueBytes = 256 * 2 ** 20;
const mostHashes = 10_000;

/** Says of a pixel what a run's layers and modules have to do with what its map is there. */
export class Explainer {
  readonly #runs: ReadyRuns;
  readonly #explained = new WeakMap<ReadyRun, ExplainedRun>();
  readonly #normality = new WeakMap<ReadyRun, Promise<Normality>>();
  readonly #values = new ByteLru<Values>(valueBytes, (values) => bytesIn(Object.values(values)));
  readonly #combined = new ByteLru<Combined>(valueBytes, (one) => bytesIn([one.actual, ...one.withoutContribution, ...one.withoutModule, ...(one.usual ? [one.usual] : [])]));
  readonly #hashes = new ByteLru<string>(mostHashes, () => 1);

  constructor(runs: ReadyRuns) {
    this.#runs = runs;
  }

  /**
   * Throws what opening a run and reading an image throw; `no-such-result`, `cannot-be-explained`, `outside-image`,
   * `not-inspected`.
   */
  async why({ run: asked, data, file, result, patches, ...task }: WhyTask, talk: Talk): Promise<WhyAnswer> {
    const ready = await this.#runs.open(asked);
    return ready.programs.use(async () => {
      const run = this.#explain(ready);
      const { explained, combination } = chosenResult(run, result);
      const image = await ViewedImage.open(file, this.#hashes);
      const inspection = inspectionOf(image.size, explained.sink.source.geometry, file);
      const at = pixelOf(task, image.size);
      const place = placeOf(inspection, image.size, at);
      const normality = await this.#normal(ready, data, talk).catch(asUnknown);
      const values = await this.#valuesOf(run, image, place.view, talk);
      const usual = usualOfAll(explained, normality);
      const name = this.#name(run, image, place.view, explained.sink.name);
      const combined = this.#combined.get(name) ?? combine({ ...run.run, compile: run.programs.compile }, explained, combination, values, usual);
      this.#combined.set(name, combined);
      return describePixel({ run, explained, size: image.size, at, inspection, place, values, combined, normality, patches });
    });
  }

  /** Throws as `why` does; `unknown-node`, `cannot-be-compared`. */
  async layer({ run: asked, file, view, node, kind }: LayerTask, talk: Talk): Promise<LayerAnswer> {
    const ready = await this.#runs.open(asked);
    return ready.programs.use(async () => {
      const run = this.#explain(ready);
      const { explained, teacher, student } = comparedBy(run, node);
      const image = await ViewedImage.open(file, this.#hashes);
      const inspection = inspectionOf(image.size, explained.sink.source.geometry, file);
      image.viewsIn(explained.sink.source.geometry, view);
      const values = await this.#valuesOf(run, image, view, talk);
      return { ...(await layerPictures(values[refName(teacher)]!, values[refName(student)]!, kind, node)), shown: shownOf(inspection, view, image.size) };
    });
  }

  #explain(ready: ReadyRun): ExplainedRun {
    const known = this.#explained.get(ready);
    if (known) return known;
    const { plan } = ready.run;
    const results = explainable(plan).map((explained) => ({ explained, combination: combinationOf(plan, explained) }));
    const wanted = results.flatMap(({ explained, combination }) => [
      ...combination.inputs,
      ...explained.modules.map(({ map }) => map),
      ...explained.contributions.flatMap(({ map, teacher, student }) => [map, ...(teacher ? [teacher] : []), ...(student ? [student] : [])]),
    ]);
    const distinct = new Map(wanted.map((ref) => [refName(ref), ref]));
    const run = { ...ready, results, part: partFor(plan.nodes, [...distinct.values()]) };
    this.#explained.set(ready, run);
    return run;
  }

  /** Learnt by the run itself, or, where it has not, now. */
  #normal(ready: ReadyRun, data: string | null, talk: Talk): Promise<Normality> {
    const known = this.#normality.get(ready);
    if (known) return known;
    const learnt = normalityOf(ready, data, talk);
    this.#normality.set(ready, learnt);
    learnt.catch(() => this.#normality.delete(ready));
    return learnt;
  }

  async #valuesOf(run: ExplainedRun, image: ViewedImage, view: number, talk: Talk): Promise<Values> {
    const name = this.#name(run, image, view);
    const known = this.#values.get(name);
    if (known) return known;
    const { plan, weights } = run.run;
    const sources = plan.sources.filter(({ value }) => run.part.inputs.some((ref) => refName(ref) === refName(value)));
    const feeds = await Promise.all(sources.map(async ({ value, geometry }) => [refName(value), await image.view(geometry, view)] as const));
    run.programs.begin = (node) => talk.begin(node);
    const program = compileInference(run.programs.compile, 'explain', plan.nodes, run.part, weights, 1, { keep: true });
    try {
      const computed = program.run(Object.fromEntries(feeds));
      const values = Object.fromEntries(Object.entries(computed).map(([ref, value]) => [ref, sampleOf(value, 0)]));
      this.#values.set(name, values);
      return values;
    } finally {
      program.dispose();
    }
  }

  #name({ mark }: ReadyRun, { hash }: ViewedImage, view: number, of = ''): string {
    return JSON.stringify([mark, hash, view, of]);
  }
}

/** The result that is named, or else that whose map is the run's, or the first. */
function chosenResult({ run, results }: ExplainedRun, name: string | undefined): ExplainedRun['results'][number] {
  const usual = name ?? mapSinkOf(run)?.name;
  const found = results.find(({ explained }) => explained.sink.name === usual) ?? (name === undefined ? results[0] : undefined);
  if (found) return found;
  const names = results.map(({ explained }) => explained.sink.name);
  const isThere = run.plan.predict.sinks.some((sink) => sink.name === name);
  if (name === undefined || isThere) {
    throw new StillroomError('cannot-be-explained', 'expected a result that comes from a map which is made of features, found none', {
      hint: names.length > 0 ? `these are: ${names.join(', ')}` : 'the graph has none',
    });
  }
  throw new StillroomError('no-such-result', `expected a result of the run, found ${JSON.stringify(name.slice(0, 60))}`, { hint: `it has ${names.join(', ')}` });
}

/** The pixel of the image that lies where one of a picture of it does. */
function pixelOf({ x, y, within }: Pick<WhyTask, 'x' | 'y' | 'within'>, [height, width]: Size): { x: number; y: number } {
  if (!within) return { x, y };
  return { x: Math.floor(((x + 0.5) * width) / within.width), y: Math.floor(((y + 0.5) * height) / within.height) };
}

function comparedBy({ results }: ExplainedRun, node: string): { explained: Explained; teacher: ValueRef; student: ValueRef } {
  for (const { explained } of results) {
    const found = explained.contributions.find(({ map }) => map.node === node);
    if (found?.teacher && found.student) return { explained, teacher: found.teacher, student: found.student };
  }
  throw new StillroomError('cannot-be-compared', 'expected a node that makes a map of a teacher’s and a student’s features, found another', { node });
}

/** Where the normal images cannot be had, the rest can be told all the same. */
function asUnknown(error: unknown): Unknown {
  if (!(error instanceof StillroomError) || error.code !== 'normal-images-missing') throw error;
  return { images: [], patches: new Map(), levels: new Map(), levelsOf: null, why: error.hint ? `${error.message}: ${error.hint}` : error.message };
}

function usualOfAll({ contributions }: Explained, { levels }: Normal): number[] | null {
  const found = contributions.map(({ map }) => levels.get(refName(map)));
  return found.every((one) => one !== undefined) ? found.map(usualOf) : null;
}

function shownOf({ windows, scaled }: Inspection, view: number, [height, width]: Size): LayerAnswer['shown'] {
  const window = windows[view]!;
  const [down, across] = [height / scaled[0], width / scaled[1]];
  return { top: window.top * down, left: window.left * across, height: window.height * down, width: window.width * across };
}

const bytesIn = (values: readonly HostTensor[]): number => values.reduce((sum, { data }) => sum + data.byteLength, 0);
