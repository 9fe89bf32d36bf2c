import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../plugins/sdk/random.ts';
import { createFingerprint } from '../../../../server/data/demo/fingerprint.ts';
import { defectsOf, planCategory, type SamplePlan } from '../../../../server/data/demo/plan.ts';
import { makeSample } from '../../../../server/data/demo/sample.ts';
import { renderSurface, surfaces, type Category } from '../../../../server/data/demo/surfaces/index.ts';
import { DEMO_SEED, DEMO_SHA256 } from '../../../../server/data/demo/version.ts';

/** Quicker than `toEqual` on a hundred thousand values. */
function same(a: Uint8Array | Float32Array, b: Uint8Array | Float32Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

const categories = Object.keys(surfaces) as Category[];

describe.each(categories)('%s of the demo set', (category) => {
  it('plans 48 training images, 16 good and 24 defective test images, as many of each difficulty', () => {
    const plans = planCategory(category);
    expect(plans.filter((p) => p.split === 'train').every((p) => !p.defect)).toBe(true);
    expect(plans.filter((p) => p.split === 'train')).toHaveLength(48);
    expect(plans.filter((p) => p.split === 'test' && !p.defect)).toHaveLength(16);
    for (const difficulty of [1, 2, 3]) expect(plans.filter((p) => p.defect?.difficulty === difficulty)).toHaveLength(8);
    expect(defectsOf[category].length).toBeGreaterThanOrEqual(4);
  });

  it('renders the same picture for the same chances, another for others, all within 0–1', () => {
    const [first, again, other] = [1, 1, 2].map((seed) => renderSurface(category, createRandom(seed)));
    expect(same(first!.data, again!.data)).toBe(true);
    expect(same(first!.data, other!.data)).toBe(false);
    expect([first!.width, first!.height, first!.data.length]).toEqual([256, 256, 256 * 256 * 3]);
    expect(first!.data.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  it.each(defectsOf[category])('%s alters every pixel group of its mask and nothing outside it', (name) => {
    for (const plan of planCategory(category).filter((p) => p.defect?.name === name && p.index < 3)) {
      const { image, sound, mask } = makeSample(plan, 7);
      let altered = 0;
      let stray = 0;
      for (let pixel = 0; pixel < mask!.length; pixel++) {
        const change = [0, 1, 2].some((c) => image.data[pixel * 3 + c] !== sound.data[pixel * 3 + c]);
        if (change && mask![pixel] === 255) altered++;
        if (change && mask![pixel] !== 255) stray++;
      }
      const size = mask!.filter((value) => value === 255).length;
      expect(stray).toBe(0);
      expect(size).toBeGreaterThanOrEqual(24);
      expect(size).toBeLessThan(256 * 256 * 0.15);
      // The rest are the gaps that closing fills.
      expect(altered / size).toBeGreaterThan(0.5);
    }
  });
});

describe('difficulty', () => {
  it('a stain on wood changes fewer pixels, and each by less, from 1 to 3', () => {
    const change = (index: number): { size: number; mean: number } => {
      const plan = planCategory('wood').find((p) => p.defect?.name === 'stain' && p.index === index)!;
      const { image, sound, mask } = makeSample(plan, DEMO_SEED);
      let sum = 0;
      let size = 0;
      for (let i = 0; i < image.data.length; i++) {
        if (mask![Math.floor(i / 3)] === 0) continue;
        sum += Math.abs(image.data[i]! - sound.data[i]!);
        size++;
      }
      return { size, mean: sum / size };
    };
    const [plain, middle, faint] = [change(0), change(1), change(2)];
    expect(plain.size).toBeGreaterThan(middle.size);
    expect(middle.size).toBeGreaterThan(faint.size);
    expect(plain.mean).toBeGreaterThan(faint.mean);
  });
});

describe('the frozen set', () => {
  it('does not depend on what else is made, nor in which order', () => {
    const plan: SamplePlan = planCategory('wood').find((p) => p.defect?.name === 'scratch')!;
    const alone = makeSample(plan, DEMO_SEED);
    makeSample(planCategory('grid')[0]!, DEMO_SEED);
    const again = makeSample(plan, DEMO_SEED);
    expect(same(again.image.data, alone.image.data) && same(again.mask!, alone.mask!)).toBe(true);
    expect(same(makeSample(plan, DEMO_SEED + 1).image.data, alone.image.data)).toBe(false);
  });

  // If this fails, a pixel has changed: undo that, or raise DEMO_VERSION and measure everything again.
  it.each(['textile', 'tile'] as const)('%s has the pixels and masks of the published version', (category) => {
    const fingerprint = createFingerprint();
    for (const plan of planCategory(category)) {
      const { image, mask } = makeSample(plan, DEMO_SEED);
      fingerprint.add(plan, image.data, mask);
    }
    expect(fingerprint.digest()).toBe(DEMO_SHA256[category]);
  });
});
