import { between } from '../chance.ts';
import { bump, clamp, smoothstep } from '../exact-math.ts';
import { drawSeed, gradientNoise, octaveNoise } from '../noise.ts';
import { blend, meanColour, mixed, multiply, scaled, type Colour } from '../picture.ts';
import { drawBlob, eachInBlob } from './blob.ts';
import { drawMiddle, type Alteration, type Defect, type Site } from './defect.ts';
import { drawCurve, eachNearStroke } from './stroke.ts';

const FOREIGN: readonly Colour[] = [
  [0.2, 0.22, 0.3],
  [0.85, 0.84, 0.8],
  [0.55, 0.3, 0.24],
  [0.3, 0.4, 0.3],
];

/** How far its colour is from that of the surface, 0–1, and how large it is. */
const LEVELS = {
  1: { foreign: 0.65, fibre: [90, 140], half: 1.6, particle: [8, 11], shadow: 0.4 },
  2: { foreign: 0.45, fibre: [70, 100], half: 1.4, particle: [6, 8], shadow: 0.35 },
  3: { foreign: 0.3, fibre: [45, 70], half: 1.1, particle: [4, 5.5], shadow: 0.28 },
} as const;

/** Something that does not belong lies on top and throws a small shadow: a fibre or a crumb. */
export const contamination: Defect = (site) => (site.variant % 2 === 0 ? fibre(site) : particle(site));

function fibre({ sound, difficulty, random }: Site): Alteration {
  const { foreign, fibre: range, half, shadow } = LEVELS[difficulty];
  const length = between(random, range[0], range[1]);
  const { x, y } = drawMiddle(random, sound.width);
  const bend = between(random, 0.25, 0.6);
  const points = drawCurve(random, { x, y, turn: random.uniform(), length, bend, turns: 3 });
  const colour = foreignColour(meanColour(sound), foreign, random.integer(FOREIGN.length));
  const lift = gradientNoise(drawSeed(random));
  return {
    parameters: { kind: 'fibre', x, y, length, half, bend, foreign },
    overlay(picture) {
      const cast = points.map(([px, py], i) => {
        const high = 1.6 + 0.9 * lift((i / points.length) * 5, 0.5);
        return [px + high, py + high * 1.2] as const;
      });
      eachNearStroke(picture, cast, half + 2, (pixel, distance) => {
        multiply(picture, pixel, 1 - shadow * bump(distance / (half + 1.8)));
      });
      eachNearStroke(picture, points, half + 1, (pixel, distance, along) => {
        const ends = smoothstep(0, 0.04, along) * smoothstep(1, 0.96, along);
        const cover = clamp(half - Math.abs(distance) + 0.5) * ends;
        const round = 1.12 - 0.3 * Math.min(1, (distance * distance) / (half * half));
        blend(picture, pixel, scaled(colour, round), cover);
      });
    },
  };
}

function particle({ sound, difficulty, random }: Site): Alteration {
  const { foreign, particle: range, shadow } = LEVELS[difficulty];
  const radius = between(random, range[0], range[1]);
  const { x, y } = drawMiddle(random, sound.width);
  const aspect = between(random, 1, 1.9);
  const depthAt = drawBlob(random, { x, y, radius, aspect, turn: random.uniform(), rough: 0.5, lobe: 1.1 });
  const colour = foreignColour(meanColour(sound), foreign, random.integer(FOREIGN.length));
  const rough = octaveNoise(random, { along: 4, octaves: 2 });
  return {
    parameters: { kind: 'particle', x, y, radius, aspect, foreign },
    overlay(picture) {
      const cast = radius * 0.3 + 1;
      eachInBlob(picture, (px, py) => depthAt(px - cast, py - 1.2 * cast), 2, (pixel, inside) => {
        multiply(picture, pixel, 1 - shadow * smoothstep(-2, 2, inside));
      });
      eachInBlob(picture, depthAt, 1, (pixel, inside, px, py) => {
        // A lump: the side towards the lamp is brighter, the far side dark.
        const facing = depthAt(px + 1.5, py + 1.5) - depthAt(px - 1.5, py - 1.5);
        const slope = (1 - smoothstep(0, 0.7 * radius, inside)) * 0.09 * facing;
        const light = 1 + slope + 0.18 * rough(px, py);
        blend(picture, pixel, scaled(colour, light), smoothstep(-0.7, 0.7, inside));
      });
    },
  };
}

function foreignColour(surface: Colour, foreign: number, which: number): Colour {
  return mixed(surface, FOREIGN[which]!, foreign);
}
