import { between } from '../chance.ts';
import { bump, cosine, sine, smoothstep } from '../exact-math.ts';
import { drawSeed, gradientNoise } from '../noise.ts';
import { blend, multiply } from '../picture.ts';
import { drawMiddle, type Defect } from './defect.ts';
import { drawCurve, eachNearStroke } from './stroke.ts';

const LEVELS = {
  1: { length: [90, 140], width: 1.8, depth: 0.55 },
  2: { length: [70, 110], width: 1.5, depth: 0.46 },
  3: { length: [50, 80], width: 1.2, depth: 0.36 },
} as const;

/** A point was dragged over the surface: a thin dark groove whose far edge catches the light, pressed unevenly. */
export const scratch: Defect = ({ specimen, sound, difficulty, random }) => {
  const { length: range, width, depth } = LEVELS[difficulty];
  const length = between(random, range[0], range[1]);
  const turn = random.uniform();
  const { x, y } = drawMiddle(random, sound.width);
  const points = drawCurve(random, { x, y, turn, length, bend: 0.12 });
  const pressure = gradientNoise(drawSeed(random));
  // The lamp is at the upper left: the edge that faces it is the bright one.
  const litSide = cosine(turn) - sine(turn) > 0 ? 1 : -1;
  return {
    parameters: { x, y, turn, length, width, depth },
    overlay(picture) {
      eachNearStroke(picture, points, 3 * width + 1, (pixel, distance, along) => {
        const ends = smoothstep(0, 0.12, along) * smoothstep(1, 0.88, along);
        const pressed = ends * (0.8 + 0.45 * pressure((along * length) / 14, 0.5));
        const groove = bump(distance / (width * 1.6)) * depth * pressed;
        const edge = bump((litSide * distance - 1.7 * width) / (width * 1.4)) * 0.8 * depth * pressed;
        multiply(picture, pixel, 1 - Math.max(0, groove));
        blend(picture, pixel, specimen.rim, Math.max(0, edge));
      });
    },
  };
};
