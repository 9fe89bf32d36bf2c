import { type Folder, folderIn, foldersIn, imagesIn, type LayoutNote } from '../../../plugins/sdk/layout.ts';
import { someOf } from '../order.ts';

/** The masks of one defect, by the stem of their image: `<stem>_mask.png`, `<stem>.png`, or all that lies in `<stem>/`. */
export class Masks {
  readonly #byStem: Map<string, string[]>;
  readonly #unclaimed: Set<string>;
  readonly #claims = new Map<string, string[]>();

  /** `folder` is `ground_truth/<defect>`; undefined where there is none. */
  constructor(folder: Folder | undefined) {
    const files = imagesIn(folder);
    // A name with `_mask` is surer: it comes later and replaces.
    const ordered = [...files.filter((f) => !marked.test(stem(f))), ...files.filter((f) => marked.test(stem(f)))];
    const parts = (folder?.folders ?? []).map((f): [string, string[]] => [f.name.normalize(), imagesIn(f)]);
    const single = ordered.map((file): [string, string[]] => [stem(file).replace(marked, ''), [file]]);
    this.#byStem = new Map([...parts.filter(([, files]) => files.length), ...single]);
    this.#unclaimed = new Set([...files, ...(folder?.folders ?? []).flatMap(imagesIn)]);
  }

  claim(image: string): string[] {
    const masks = this.#byStem.get(stem(image)) ?? [];
    for (const mask of masks) this.#unclaimed.delete(mask);
    if (masks.length) this.#claims.set(stem(image), [...(this.#claims.get(stem(image)) ?? []), image]);
    return masks;
  }

  get unclaimed(): string[] {
    return [...this.#unclaimed];
  }

  /** What is to be said of images that claimed one mask together. */
  get notes(): LayoutNote[] {
    const together = [...this.#claims.values()].filter((images) => images.length > 1);
    if (!together.length) return [];
    return [
      {
        code: 'shared-mask',
        file: together[0]![0]!,
        message: `expected a mask for each image, found one for ${someOf(together.map((images) => images.join(' and ')))}`,
        hint: 'give images of one folder different names, and their masks the same',
      },
    ];
  }
}

/** Masks of defects that have no folder of images at all. */
export function masksOfOthers(groundTruth: Folder | undefined, defects: ReadonlySet<string>): string[] {
  const known = new Set([...defects].map((name) => name.normalize()));
  const others = groundTruth?.folders.filter(({ name }) => !known.has(name.normalize())) ?? [];
  return others.flatMap(foldersIn).flatMap(imagesIn);
}

const marked = /_mask$/i;

export function groundTruthOf(folder: Folder): Folder | undefined {
  return folderIn(folder, 'ground_truth');
}

/** What a file is called, without its ending. Accents in one form: macOS takes letters apart that others keep together. */
export function stem(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '').normalize();
}
