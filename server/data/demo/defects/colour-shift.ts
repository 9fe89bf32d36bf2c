import { between } from '../chance.ts';
import { clamp, cosine, sine, smoothstep } from '../exact-math.ts';
import { drawBlob, eachInBlob } from './blob.ts';
import { drawMiddle, type Defect } from './defect.ts';

const LEVELS = {
  1: { radius: [28, 38], amount: 0.075 },
  2: { radius: [20, 28], amount: 0.055 },
  3: { radius: [15, 20], amount: 0.047 },
} as const;

/** Dye or heat has moved the hue of a region; its lightness and its structure stay, and it has no edge. */
export const colourShift: Defect = ({ sound, difficulty, random }) => {
  const { radius: range, amount } = LEVELS[difficulty];
  const radius = between(random, range[0], range[1]);
  const { x, y } = drawMiddle(random, sound.width);
  const hue = random.uniform();
  const depthAt = drawBlob(random, { x, y, radius, aspect: between(random, 1, 1.6), turn: random.uniform(), rough: 0.2 });
  // A direction in the plane of equal lightness (Rec. 601 weights).
  const redness = amount * cosine(hue);
  const blueness = amount * sine(hue);
  const green = -(0.299 * redness + 0.114 * blueness) / 0.587;
  return {
    parameters: { x, y, radius, hue, amount },
    overlay(picture) {
      const soft = 0.35 * radius;
      eachInBlob(picture, depthAt, soft, (pixel, inside) => {
        const share = smoothstep(-soft, soft, inside);
        const at = pixel * 3;
        const [r, g, b] = [picture.data[at]!, picture.data[at + 1]!, picture.data[at + 2]!];
        // Dye shows where there is light to colour.
        const light = 1.6 * (0.299 * r + 0.587 * g + 0.114 * b) * share;
        picture.data[at] = clamp(r + light * redness);
        picture.data[at + 1] = clamp(g + light * green);
        picture.data[at + 2] = clamp(b + light * blueness);
      });
    },
  };
};
