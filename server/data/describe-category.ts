import type { OnInspected } from './category-reader.ts';
import type { Category, LabelledImage } from './dataset.ts';

/** What was found in a file. */
type Found = Parameters<OnInspected>[0];

/** Numbers of images by what they are: `{ png: 12, bmp: 3 }`. */
export type Counts = Record<string, number>;

export interface CategoryDescription {
  name: string;
  train: number;
  /** Images that the dataset keeps to validate on; null where it leaves that to the run. */
  validation: number | null;
  good: number;
  defective: number;
  /** Defective images with a mask. */
  masks: number;
  /** Of all images, by area, px. */
  sizes: { distinct: number; smallest: PixelSize; median: PixelSize; largest: PixelSize };
  formats: Counts;
  /** Bits of a value. */
  bits: Counts;
  colours: Counts;
  /** Images with transparency, which is dropped. */
  alpha: number;
  defects: Record<string, DefectDescription>;
}

export interface PixelSize {
  width: number;
  height: number;
}

export interface DefectDescription {
  images: number;
  masks: number;
  /** Share of an image that its mask marks, 0–1; null where there are no masks. */
  coverage: { min: number; median: number; max: number } | null;
}

/** Collects what is told of files while a dataset is read, and describes its categories by it. */
export class DatasetDescription {
  readonly #found = new Map<string, Found>();

  readonly onInspected: OnInspected = (found) => void this.#found.set(found.ref.path, found);

  of({ name, train, validation, test }: Category): CategoryDescription {
    const images = [...train, ...(validation ?? []), ...test];
    const headers = images.map(({ path }) => this.#found.get(path)!.header);
    const defective = test.filter(({ anomalous }) => anomalous);
    const byDefect = new Map<string, LabelledImage[]>();
    for (const image of defective) byDefect.set(image.defect, [...(byDefect.get(image.defect) ?? []), image]);
    const sorted = images.map(({ width, height }) => ({ width, height })).sort((a, b) => a.width * a.height - b.width * b.height);
    const none = { width: 0, height: 0 };
    return {
      name,
      train: train.length,
      validation: validation?.length ?? null,
      good: test.length - defective.length,
      defective: defective.length,
      masks: defective.filter(({ mask }) => mask).length,
      sizes: {
        distinct: new Set(sorted.map(({ width, height }) => `${width}×${height}`)).size,
        smallest: sorted[0] ?? none,
        median: sorted[sorted.length >> 1] ?? none,
        largest: sorted.at(-1) ?? none,
      },
      formats: count(headers.map(({ format }) => format)),
      bits: count(headers.map(({ bits }) => String(bits))),
      colours: count(headers.map(({ colours }) => colours)),
      alpha: headers.filter(({ alpha }) => alpha).length,
      defects: Object.fromEntries([...byDefect].map(([defect, list]) => [defect, this.#defect(list)])),
    };
  }

  #defect(images: readonly LabelledImage[]): DefectDescription {
    const shares = images.flatMap(({ mask }) => (mask ? [this.#coverage(mask)] : [])).sort((a, b) => a - b);
    return {
      images: images.length,
      masks: shares.length,
      coverage: shares.length ? { min: shares[0]!, median: shares[shares.length >> 1]!, max: shares.at(-1)! } : null,
    };
  }

  /** Of several masks of an image the sum: they rarely overlap. */
  #coverage({ path, height, width, more = [] }: NonNullable<LabelledImage['mask']>): number {
    const marked = [path, ...more.map((part) => part.path)].reduce((sum, part) => sum + (this.#found.get(part)?.marked ?? 0), 0);
    return Math.min(1, marked / (height * width));
  }
}

function count(values: readonly string[]): Counts {
  const counts: Counts = {};
  for (const value of [...values].sort()) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
