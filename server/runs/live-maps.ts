import type { HostTensor } from '../../plugins/sdk/index.ts';
import type { SinkPlan } from '../compiler/plan.ts';
import { writeFileAtomically } from '../atomic-file.ts';
import { inOriginal } from '../data/in-original.ts';
import { sizeWithin } from '../data/original.ts';
import type { Emit } from '../runtime/events.ts';
import type { CategoryImages } from './category-images.ts';
import { overlayPng, scaleOf } from './overlay.ts';
import type { RunFolder } from './run-folder.ts';

/** Folder of a category with maps as they were while it was fitted, the newest of each image. */
export const liveFolder = 'live';

/** Longest side of such a picture's halves, px. */
const side = 384;

/** Draws maps of a graph that is being fitted, each on a scale of its own, as nothing is calibrated yet. */
export class LiveMaps {
  readonly #folder: RunFolder;
  readonly #images: CategoryImages;
  readonly #emit: Emit;

  constructor(folder: RunFolder, images: CategoryImages, emit: Emit) {
    this.#folder = folder;
    this.#images = images;
    this.#emit = emit;
  }

  async draw(sink: SinkPlan, index: number, { shape, data }: HostTensor, at: { fit: string; epoch: number }): Promise<void> {
    const { category, testImages } = this.#images;
    const { height, width } = category.test[index]!;
    const size = sizeWithin([height, width], side);
    const [rows = 0, columns = 0] = shape;
    const map = inOriginal({ data, size: [rows, columns] }, this.#images.inspection(index, sink), size);
    const png = await overlayPng({ ...(await this.#images.drawn(index, size)), map, size }, scaleOf([map]));
    const parts = [liveFolder, `${index}-${sink.node.id.replaceAll(/[^\w-]/g, '_')}.png`];
    const file = this.#folder.categoryFile(category.name, ...parts);
    await writeFileAtomically(file, (handle) => handle.writeFile(png));
    const picture = this.#folder.relative(file);
    this.#emit({ type: 'sample', category: category.name, ...at, result: sink.name, node: sink.node.id, image: testImages[index]!.file, picture });
  }
}
