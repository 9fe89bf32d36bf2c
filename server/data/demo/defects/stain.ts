import { between } from '../chance.ts';
import { mix, smoothstep } from '../exact-math.ts';
import { octaveNoise } from '../noise.ts';
import { multiply } from '../picture.ts';
import { drawBlob, eachInBlob } from './blob.ts';
import { drawMiddle, type Defect } from './defect.ts';

const LEVELS = {
  1: { radius: [20, 28], depth: 0.24 },
  2: { radius: [15, 21], depth: 0.19 },
  3: { radius: [11, 15], depth: 0.145 },
} as const;

/** A liquid that dried: it takes light away softly and unevenly, and most at its rim, where it dried last. */
export const stain: Defect = ({ sound, difficulty, random }) => {
  const { radius: range, depth } = LEVELS[difficulty];
  const radius = between(random, range[0], range[1]);
  const { x, y } = drawMiddle(random, sound.width);
  const aspect = between(random, 1, 1.8);
  const depthAt = drawBlob(random, { x, y, radius, aspect, turn: random.uniform(), rough: 0.35, lobe: 0.9 });
  const uneven = octaveNoise(random, { along: radius * 0.6, octaves: 3 });
  // Tea to oil: how much more blue than red it absorbs.
  const warmth = between(random, 0.1, 0.5);
  const rimWidth = between(random, 2, 3.5);
  return {
    parameters: { x, y, radius, aspect, depth, warmth },
    overlay(picture) {
      eachInBlob(picture, depthAt, 2, (pixel, inside, px, py) => {
        const edge = smoothstep(-1.5, 3, inside);
        const rim = edge * (1 - smoothstep(0, 2 * rimWidth, inside));
        const taken = depth * (edge * (0.55 + 0.3 * uneven(px, py)) + 0.75 * rim);
        multiply(picture, pixel, 1 - taken * mix(1, 0.5, warmth), 1 - taken, 1 - taken * (1 + 0.4 * warmth));
      });
    },
  };
};
