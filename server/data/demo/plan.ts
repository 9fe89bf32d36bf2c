import type { DefectName } from './defects/index.ts';
import type { Difficulty } from './defects/defect.ts';
import type { Category } from './surfaces/index.ts';

/** An image of the demo set, before it is made. */
export interface SamplePlan {
  category: Category;
  split: 'train' | 'test';
  /** Within its folder. */
  index: number;
  defect?: { name: DefectName; difficulty: Difficulty };
}

/** The defects that make sense on each surface, in the order of their folders. */
export const defectsOf: Readonly<Record<Category, readonly DefectName[]>> = {
  textile: ['contamination', 'hole', 'misweave', 'stain'],
  leather: ['colour-shift', 'contamination', 'hole', 'scratch'],
  wood: ['colour-shift', 'hole', 'scratch', 'stain'],
  tile: ['contamination', 'hole', 'scratch', 'stain'],
  grid: ['contamination', 'hole', 'misweave', 'stain'],
};

export const TRAINING_IMAGES = 48;
export const GOOD_TEST_IMAGES = 16;

/** Of each defect of a category: as many of each difficulty, in turn. */
export const DEFECTIVE_PER_KIND = 6;

/** All images of a category: 48 to train on; 16 sound and 24 defective ones to test on. */
export function planCategory(category: Category): SamplePlan[] {
  const good = (split: 'train' | 'test', count: number): SamplePlan[] =>
    Array.from({ length: count }, (_, index) => ({ category, split, index }));
  const spoilt = defectsOf[category].flatMap((name) =>
    Array.from({ length: DEFECTIVE_PER_KIND }, (_, index) => {
      const defect = { name, difficulty: ((index % 3) + 1) as Difficulty };
      return { category, split: 'test' as const, index, defect };
    }),
  );
  return [...good('train', TRAINING_IMAGES), ...good('test', GOOD_TEST_IMAGES), ...spoilt];
}

/** Path of an image below its category's folder, as MVTec AD lays them out. */
export function imagePath({ split, index, defect }: SamplePlan): string {
  return `${split}/${defect?.name ?? 'good'}/${numbered(index)}.png`;
}

/** Path of a defective image's mask below its category's folder. */
export function maskPath({ index, defect }: SamplePlan): string {
  return `ground_truth/${defect?.name ?? 'good'}/${numbered(index)}_mask.png`;
}

function numbered(index: number): string {
  return String(index).padStart(3, '0');
}
