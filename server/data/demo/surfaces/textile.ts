import { clamp, mix } from '../exact-math.ts';
import { coarsened, drawSeed, gradientNoise, octaveNoise } from '../noise.ts';
import { emptyPicture, type Colour, type Picture } from '../picture.ts';
import type { Random } from '../../../../plugins/sdk/random.ts';
import { SIDE, type Specimen } from './surface.ts';
import { copyWeave, drawPlacement, drawThreads, plainOver, rise, strandAt, type Strand, type Weave } from './weave.ts';

const WARP: Colour = [0.62, 0.6, 0.55];
const WEFT: Colour = [0.5, 0.53, 0.56];
const GROUND: Colour = [0.1, 0.09, 0.09];

/** Coarse plain-weave linen: uneven, slubby threads of two close colours, twisted fibres, light from the upper left. */
export function textile(random: Random): Specimen {
  const warp = drawThreads(random, { pitch: 8.2, half: 3.9, wander: 0.9, slub: 0.22, uneven: 0.07, tone: 0.045 });
  const weft = drawThreads(random, { pitch: 9.1, half: 4.3, wander: 0.9, slub: 0.26, uneven: 0.08, tone: 0.045 });
  const weave: Weave = {
    threads: [warp, weft],
    over: plainOver(warp.count, weft.count),
    place: drawPlacement(random, { turn: 0, turnJitter: 0.006, scaleJitter: 0.03, perspective: 0.015, wave: 3 }),
  };
  const cloud = coarsened(octaveNoise(random, { along: 120, octaves: 2 }), SIDE, 5);
  const fibres = gradientNoise(drawSeed(random));
  return {
    weave,
    paint: (fault) => {
      const faulty = copyWeave(weave);
      fault?.(faulty);
      return paint(faulty, fibres, cloud);
    },
    beneath: GROUND,
    rim: [0.72, 0.7, 0.66],
    fibre: [0.56, 0.55, 0.53],
  };
}

function paint(weave: Weave, fibres: (x: number, y: number) => number, cloud: (x: number, y: number) => number): Picture {
  const picture = emptyPicture(SIDE, SIDE);
  const strands: [Strand, Strand] = [
    { index: 0, offset: 0, cover: 0 },
    { index: 0, offset: 0, cover: 0 },
  ];
  for (let y = 0, at = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++, at += 3) {
      const [u, v] = weave.place(x, y);
      const warp = shade(weave, 0, u, v, strands[0], fibres);
      const weft = shade(weave, 1, v, u, strands[1], fibres);
      const warpOnTop = warp.height > weft.height;
      const top = warpOnTop ? strands[0].cover : strands[1].cover;
      const below = warpOnTop ? strands[1].cover : strands[0].cover;
      const light = 1 + 0.09 * cloud(x, y);
      for (let c = 0; c < 3; c++) {
        const warpColour = WARP[c]! * warp.light;
        const weftColour = WEFT[c]! * weft.light;
        const lower = mix(GROUND[c]!, warpOnTop ? weftColour : warpColour, below);
        picture.data[at + c] = clamp(mix(lower, warpOnTop ? warpColour : weftColour, top) * light);
      }
    }
  }
  return picture;
}

/** Height of a thread's surface and the light it sends back. */
function shade(
  weave: Weave,
  direction: 0 | 1,
  across: number,
  along: number,
  strand: Strand,
  fibres: (x: number, y: number) => number,
): { height: number; light: number } {
  const threads = weave.threads[direction];
  strandAt(threads, across, along, strand);
  if (strand.cover === 0) return { height: -9, light: 0 };
  const { index, offset } = strand;
  const [high, slope] = rise(weave, direction, index, along);
  const round = Math.sqrt(1 - 0.85 * offset * offset);
  const twist = fibres(offset * 1.6 + along / 5 + index * 13.7, along / 11 - offset * 0.8 + direction * 500);
  const height = high + 0.9 * round;
  const light = (0.5 + 0.42 * round - 0.13 * offset - 0.16 * slope + 0.14 * high + 0.16 * twist) * threads.tone[index]!;
  return { height, light: Math.max(0.1, light) * 1.05 };
}
