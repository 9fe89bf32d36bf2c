import type { HostTensor, Problem, Size } from '../../plugins/sdk/index.ts';
import type { SinkPlan } from '../compiler/plan.ts';
import { writeFileAtomically } from '../atomic-file.ts';
import { inOriginal } from '../data/in-original.ts';
import { uninspectedOf } from '../data/inspection.ts';
import { someOf } from '../data/order.ts';
import { sizeWithin } from '../data/original.ts';
import type { Emit } from '../runtime/events.ts';
import type { CategoryResult } from '../runtime/run-category.ts';
import type { CategoryImages } from './category-images.ts';
import { csvLine } from './csv.ts';
import { mapPath } from './map-path.ts';
import { mapScaleFile, mapScaleOf, type MapScale } from './map-scale.ts';
import { longestDrawnSide, overlayPng } from './overlay.ts';
import type { RunFolder } from './run-folder.ts';
import { splitCsv } from './split-csv.ts';

/** Name under which a graph reports its map; that map is drawn over the images. */
const drawn = 'localisation';

/** Collects what each test image got, and writes it: scores as CSV, maps as pictures, curves and reports as JSON. */
export class CategoryRecords {
  readonly #folder: RunFolder;
  readonly #images: CategoryImages;
  readonly #sinks: readonly SinkPlan[];
  readonly #scores = new Map<SinkPlan, number[]>();
  /** Of the test images, as they are drawn. */
  readonly #maps: Float32Array[] = [];
  /** Of normal images, where there are none to test on. */
  readonly #normal: Float32Array[] = [];
  readonly #range = { smallest: Number.POSITIVE_INFINITY, largest: Number.NEGATIVE_INFINITY };

  constructor(folder: RunFolder, images: CategoryImages, sinks: readonly SinkPlan[]) {
    this.#folder = folder;
    this.#images = images;
    this.#sinks = sinks;
    for (const sink of sinks) this.#scores.set(sink, []);
  }

  add(sink: SinkPlan, index: number, { shape, data }: HostTensor): void {
    const isScore = sink.kind === 'score';
    this.#scores.get(sink)![index] = isScore ? data[0]! : largestOf(data);
    if (sink !== this.#drawnSink()) return;
    this.#widen(data);
    const [height = 0, width = 0] = shape;
    // Kept as it is drawn: maps of large images are large.
    this.#maps[index] = inOriginal({ data, size: [height, width] }, this.#images.inspection(index, sink), this.#drawnSize(index));
  }

  /** A normal image's result: where nothing is tested, maps are scaled by those. */
  addNormal(sink: SinkPlan, { data }: HostTensor): void {
    if (sink !== this.#drawnSink()) return;
    this.#widen(data);
    this.#normal.push(data.slice());
  }

  /** What must be known to read the figures is returned. */
  async write(result: CategoryResult, emit: Emit): Promise<Problem[]> {
    const { name } = this.#images.category;
    const reports = Object.fromEntries([...result.reports].map(([sink, report]) => [sink.name, report]));
    await this.#file('reports.json', `${JSON.stringify({ category: name, reports, histories: result.histories })}\n`);
    await this.#file('scores.csv', this.#csv());
    await this.#file('split.csv', splitCsv(this.#images.splits));
    await this.#overlays(emit);
    return this.#unseenDefects();
  }

  #drawnSink(): SinkPlan | undefined {
    const maps = this.#sinks.filter(({ kind }) => kind === 'map');
    return maps.find(({ name }) => name === drawn) ?? maps[0];
  }

  /** One line an image: raw scores, never clamped; of a map its maximum. */
  #csv(): string {
    const columns = this.#sinks.map(({ name, kind }) => (kind === 'map' ? `${name}.max` : name));
    const lines = this.#images.testImages.map(({ file, defect, anomalous }, i) =>
      csvLine([file, defect, anomalous, ...this.#sinks.map((sink) => this.#scores.get(sink)![i] ?? null)]),
    );
    return csvLine(['file', 'defect', 'anomalous', ...columns]) + lines.join('');
  }

  async #overlays(emit: Emit): Promise<void> {
    const sink = this.#drawnSink();
    const scale = sink && this.#scale(sink);
    if (!scale) return;
    await this.#file(mapScaleFile, `${JSON.stringify(scale)}\n`);
    for (const [index, map] of this.#maps.entries()) {
      const size = this.#drawnSize(index);
      const png = await overlayPng({ ...(await this.#images.drawn(index, size)), map, size }, scale);
      await this.#file(`maps/${mapPath(this.#images.testImages[index]!.file, this.#images.category.name)}`, png);
      emit({ type: 'drawing', category: this.#images.category.name, done: index + 1, total: this.#maps.length });
    }
  }

  #scale({ name }: SinkPlan): MapScale | null {
    if (this.#maps.length > 0) return mapScaleOf(name, 'test', this.#maps, this.#range);
    return mapScaleOf(name, this.#images.validation.images > 0 ? 'validation' : 'train', this.#normal, this.#range);
  }

  #widen(values: Float32Array): void {
    let { smallest, largest } = this.#range;
    for (const value of values) {
      smallest = Math.min(smallest, value);
      largest = Math.max(largest, value);
    }
    Object.assign(this.#range, { smallest, largest });
  }

  /** Height and width in which a test image is drawn. */
  #drawnSize(index: number): Size {
    const { height, width } = this.#images.category.test[index]!;
    return sizeWithin([height, width], longestDrawnSide);
  }

  /** Images that count as defective, though the network sees nothing of their defects. */
  async #unseenDefects(): Promise<Problem[]> {
    const { category, testImages } = this.#images;
    const problems: Problem[] = [];
    // Results of one geometry see the same.
    const sinks = new Map(this.#sinks.map((sink) => [JSON.stringify(sink.source.geometry), sink]));
    for (const sink of sinks.values()) {
      const unseen: string[] = [];
      let defective = 0;
      for (const [index, { file }] of testImages.entries()) {
        if (uninspectedOf(this.#images.inspection(index, sink)) === 0) continue;
        const defects = await this.#images.defects(index, sink);
        if (!defects?.marked) continue;
        defective++;
        if (defects.outside === defects.marked) unseen.push(file);
      }
      if (unseen.length > 0) problems.push(notInspected(category.name, sink, unseen, defective));
    }
    return problems;
  }

  async #file(path: string, content: string | Buffer): Promise<void> {
    const file = this.#folder.categoryFile(this.#images.category.name, ...path.split('/'));
    await writeFileAtomically(file, (handle) => handle.writeFile(content));
  }
}

function notInspected(category: string, { source }: SinkPlan, unseen: readonly string[], defective: number): Problem {
  const found = unseen.length === 1 ? '1 image has its defects' : `${unseen.length} images have their defects`;
  return {
    code: 'defects-not-inspected',
    severity: 'warning',
    node: source.value.node,
    message:
      `expected defects within what is inspected, found that ${found} outside of it alone, ` +
      `of ${defective} with masks in ${category}: ${someOf(unseen)}`,
    hint: `inspect the whole image: \`--set ${source.value.node}.mode=whole\`, or letterbox, or tiles`,
  };
}

function largestOf(values: Float32Array): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const value of values) largest = Math.max(largest, value);
  return largest;
}
