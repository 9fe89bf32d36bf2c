import type { HostTensor } from '../../plugins/sdk/index.ts';
import type { SinkPlan } from '../compiler/plan.ts';
import { writeFileAtomically } from '../atomic-file.ts';
import type { Emit } from '../runtime/events.ts';
import type { CategoryResult } from '../runtime/run-category.ts';
import { atSize, mapSize } from './at-size.ts';
import type { CategoryImages } from './category-images.ts';
import { csvLine } from './csv.ts';
import { overlayPng, scaleOf } from './overlay.ts';
import type { RunFolder } from './run-folder.ts';

/** Name under which a graph reports its map; that map is drawn over the images. */
const drawn = 'localisation';

/** Collects what each test image got, and writes it: scores as CSV, maps as pictures, curves and reports as JSON. */
export class CategoryRecords {
  readonly #folder: RunFolder;
  readonly #images: CategoryImages;
  readonly #sinks: readonly SinkPlan[];
  readonly #scores = new Map<SinkPlan, number[]>();
  readonly #maps: Float32Array[] = [];

  constructor(folder: RunFolder, images: CategoryImages, sinks: readonly SinkPlan[]) {
    this.#folder = folder;
    this.#images = images;
    this.#sinks = sinks;
    for (const sink of sinks) this.#scores.set(sink, []);
  }

  add(sink: SinkPlan, index: number, { data }: HostTensor): void {
    const isScore = sink.kind === 'score';
    this.#scores.get(sink)![index] = isScore ? data[0]! : data.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    if (sink === this.#drawnSink()) this.#maps[index] = data.slice();
  }

  async write(result: CategoryResult, emit: Emit): Promise<void> {
    const { name } = this.#images.category;
    const reports = Object.fromEntries([...result.reports].map(([sink, report]) => [sink.name, report]));
    await this.#file('reports.json', `${JSON.stringify({ category: name, reports, histories: result.histories })}\n`);
    await this.#file('scores.csv', this.#csv());
    await this.#overlays(emit);
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
    if (!sink || this.#maps.length === 0) return;
    const { crop } = sink.source.geometry;
    const [height, width] = crop;
    const size = mapSize(sink);
    const scale = scaleOf(this.#maps);
    for (const [index, map] of this.#maps.entries()) {
      const image = await this.#images.picture(index, sink);
      const mask = await this.#images.mask(index, sink);
      const resized = { map: atSize(map, size, crop), mask: mask && atSize(mask, size, crop) };
      const png = await overlayPng({ image, ...resized, height, width }, scale);
      await this.#file(mapFile(this.#images.testImages[index]!.file, this.#images.category.name), png);
      emit({ type: 'drawing', category: this.#images.category.name, done: index + 1, total: this.#maps.length });
    }
  }

  async #file(path: string, content: string | Buffer): Promise<void> {
    const file = this.#folder.categoryFile(this.#images.category.name, ...path.split('/'));
    await writeFileAtomically(file, (handle) => handle.writeFile(content));
  }
}

/** Beside one another as the images of the category are: `grid/test/hole/000.jpg` → `maps/test/hole/000.jpg.png`. */
function mapFile(image: string, category: string): string {
  const inside = image.startsWith(`${category}/`) ? image.slice(category.length + 1) : image;
  return `maps/${inside}${image.endsWith('.png') ? '' : '.png'}`;
}
