import { createRandom } from '../../../plugins/sdk/random.ts';
import { develop, drawCamera, expose } from './camera.ts';
import { defects } from './defects/index.ts';
import { alteredMask } from './mask.ts';
import { copyPicture, type Pixels } from './picture.ts';
import type { SamplePlan } from './plan.ts';
import { surfaces } from './surfaces/index.ts';
import { SIDE } from './surfaces/surface.ts';

export interface Sample {
  image: Pixels;
  /** What the same camera saw of the same piece before it was spoilt; the image itself where it is sound. */
  sound: Pixels;
  /** Row by row, 255 = defect; only with a defect. */
  mask?: Uint8Array;
  /** What was drawn for the defect. */
  parameters?: Record<string, number | string>;
}

/** A defect that hides completely (in a dark gap, between two threads of one colour) is drawn again. */
const FEWEST_ALTERED = 24;
const MOST_TRIES = 20;

/** Makes one image; equal plan and seed give equal pixels, whatever else is made. */
export function makeSample(plan: SamplePlan, seed: number): Sample {
  const { category, split, index, defect } = plan;
  const random = createRandom('demo', seed, category, split, defect?.name ?? 'good', index);
  const specimen = surfaces[category](random);
  const camera = drawCamera(random);
  const picture = specimen.paint();
  const levels = expose(picture, camera);
  const sound = develop(levels, SIDE, SIDE, camera);
  if (!defect) return { image: sound, sound };

  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const { parameters, fault, overlay } = defects[defect.name]({
      specimen,
      sound: picture,
      difficulty: defect.difficulty,
      variant: index,
      random,
    });
    const spoilt = fault ? specimen.paint(fault) : copyPicture(picture);
    overlay?.(spoilt);
    const altered = expose(spoilt, camera);
    const mask = alteredMask(levels, altered, SIDE, SIDE);
    if (mask.reduce((count, value) => count + (value ? 1 : 0), 0) < FEWEST_ALTERED) continue;
    // Changes too slight to be seen are undone, so that outside the mask every pixel is the sound one.
    for (let i = 0; i < levels.length; i++) if (mask[Math.floor(i / 3)] === 0) altered[i] = levels[i]!;
    return { image: develop(altered, SIDE, SIDE, camera), sound, mask, parameters };
  }
  throw new Error(`no visible ${defect.name} on ${category} ${index} in ${MOST_TRIES} tries`);
}
