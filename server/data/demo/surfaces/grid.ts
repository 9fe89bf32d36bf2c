import { clamp, mix } from '../exact-math.ts';
import { drawSeed, gradientNoise, octaveNoise, type Noise } from '../noise.ts';
import { emptyPicture, type Colour, type Picture } from '../picture.ts';
import type { Random } from '../../../../plugins/sdk/random.ts';
import { SIDE, type Specimen } from './surface.ts';
import { copyWeave, drawPlacement, drawThreads, plainOver, rise, strandAt, type Strand, type Weave } from './weave.ts';

const STEEL: Colour = [0.6, 0.61, 0.63];
const BACKING: Colour = [0.5, 0.5, 0.49];

/** Where the mesh's shadow falls on the backing, px from the wire. */
const SHADOW_X = 4;
const SHADOW_Y = 5;
const SHADOW_SOFTNESS = 3;

/** Woven steel mesh at 45° over a dull backing: bright ridge lines, shadows, wires never quite straight. */
export function grid(random: Random): Specimen {
  const wire = { pitch: 23, half: 3, wander: 0.8, slub: 0.05, uneven: 0.03, tone: 0.05 };
  const warp = drawThreads(random, wire);
  const weft = drawThreads(random, wire);
  const weave: Weave = {
    threads: [warp, weft],
    over: plainOver(warp.count, weft.count),
    place: drawPlacement(random, { turn: 0.125, turnJitter: 0.008, scaleJitter: 0.04, perspective: 0.03, wave: 2 }),
  };
  const mottle = octaveNoise(random, { along: 34, octaves: 4, gain: 0.6 });
  const brushed = gradientNoise(drawSeed(random));
  return {
    weave,
    paint: (fault) => {
      const faulty = copyWeave(weave);
      fault?.(faulty);
      return paint(faulty, mottle, brushed);
    },
    beneath: [0.16, 0.16, 0.16],
    rim: [0.8, 0.8, 0.8],
  };
}

function paint(weave: Weave, mottle: Noise, brushed: Noise): Picture {
  const picture = emptyPicture(SIDE, SIDE);
  const strands: [Strand, Strand] = [
    { index: 0, offset: 0, cover: 0 },
    { index: 0, offset: 0, cover: 0 },
  ];
  for (let y = 0, at = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++, at += 3) {
      const backing = (1 + 0.13 * mottle(x, y)) * (1 - 0.5 * shadowAt(weave, x, y, strands[0]));
      const [u, v] = weave.place(x, y);
      const warp = shade(weave, 0, u, v, strands[0], brushed);
      const weft = shade(weave, 1, v, u, strands[1], brushed);
      const warpOnTop = warp.height > weft.height;
      const [top, below] = warpOnTop ? [warp, weft] : [weft, warp];
      const [topCover, belowCover] = warpOnTop
        ? [strands[0].cover, strands[1].cover]
        : [strands[1].cover, strands[0].cover];
      // A wire darkens the one it crosses along its edges.
      const contact = topCover > 0 || belowCover === 0 ? 1 : 1 - 0.25 * crossingShade(weave, warpOnTop, u, v);
      for (let c = 0; c < 3; c++) {
        const lower = mix(BACKING[c]! * backing, STEEL[c]! * below.light * contact, belowCover);
        picture.data[at + c] = clamp(mix(lower, STEEL[c]! * top.light, topCover));
      }
    }
  }
  return picture;
}

function crossingShade(weave: Weave, warpOnTop: boolean, u: number, v: number): number {
  const strand: Strand = { index: 0, offset: 0, cover: 0 };
  if (warpOnTop) strandAt(weave.threads[0], u + 2, v, strand);
  else strandAt(weave.threads[1], v + 2, u, strand);
  return strand.cover;
}

/** 0–1: how much of the light to a place of the backing a wire takes; soft, since the lamp is wide. */
function shadowAt(weave: Weave, x: number, y: number, strand: Strand): number {
  const [u, v] = weave.place(x - SHADOW_X, y - SHADOW_Y);
  strandAt(weave.threads[0], u, v, strand, SHADOW_SOFTNESS);
  const taken = strand.cover;
  strandAt(weave.threads[1], v, u, strand, SHADOW_SOFTNESS);
  return Math.max(taken, strand.cover);
}

function shade(
  weave: Weave,
  direction: 0 | 1,
  across: number,
  along: number,
  strand: Strand,
  brushed: Noise,
): { height: number; light: number } {
  const threads = weave.threads[direction];
  strandAt(threads, across, along, strand);
  if (strand.cover === 0) return { height: -9, light: 0 };
  const { index, offset } = strand;
  const [high, slope] = rise(weave, direction, index, along);
  // A cylinder's ridge of reflected light lies to the lamp's side of its middle.
  const towards = direction === 0 ? offset + 0.05 : offset + 0.35;
  const ridge = clamp(1 - towards * towards * 5);
  const scratchy = brushed(along / 26 + index * 31.3, offset * 2.2 + direction * 90);
  const light =
    (0.62 + 0.6 * ridge * (1 + 0.2 * slope) - 0.3 * offset * offset + 0.1 * high - 0.12 * slope + 0.12 * scratchy) *
    threads.tone[index]!;
  return { height: high + 0.5 * Math.sqrt(1 - 0.85 * offset * offset), light };
}
