import { child, walk, type Folder } from '../folder.ts';
import { isImageName } from '../image-file.ts';

/** The masks of one defect, by the stem of their image: `<stem>_mask.png`, or `<stem>.png`. */
export class Masks {
  readonly #byStem: Map<string, string>;
  readonly #unclaimed: Set<string>;

  /** `folder` is `ground_truth/<defect>`; undefined where there is none. */
  constructor(folder: Folder | undefined) {
    const files = folder ? imagesIn(folder) : [];
    // A name with `_mask` is surer: it comes later and replaces.
    const ordered = [...files.filter((f) => !marked.test(stem(f))), ...files.filter((f) => marked.test(stem(f)))];
    this.#byStem = new Map(ordered.map((file) => [stem(file).replace(marked, ''), file]));
    this.#unclaimed = new Set(files);
  }

  claim(image: string): string | null {
    const mask = this.#byStem.get(stem(image));
    if (mask === undefined) return null;
    this.#unclaimed.delete(mask);
    return mask;
  }

  get unclaimed(): string[] {
    return [...this.#unclaimed];
  }
}

/** Masks of defects that have no folder of images at all. */
export function masksOfOthers(groundTruth: Folder | undefined, defects: ReadonlySet<string>): string[] {
  const others = groundTruth?.folders.filter(({ name }) => !defects.has(name)) ?? [];
  return others.flatMap(walk).flatMap(imagesIn);
}

const marked = /_mask$/i;

/** Paths of the images that lie directly in a folder. */
export function imagesIn(folder: Folder | undefined): string[] {
  return folder ? folder.files.filter(isImageName).map((name) => folder.path + name) : [];
}

export function groundTruthOf(folder: Folder): Folder | undefined {
  return child(folder, 'ground_truth');
}

function stem(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
}
