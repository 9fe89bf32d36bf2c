import { between, bell } from '../chance.ts';
import { bump, cosine, sine, smoothstep } from '../exact-math.ts';
import { octaveNoise } from '../noise.ts';
import { blend, multiply, scaled } from '../picture.ts';
import { LENGTH, type Weave } from '../surfaces/weave.ts';
import { drawBlob, eachInBlob } from './blob.ts';
import { drawMiddle, type Alteration, type Defect, type Site } from './defect.ts';
import { column, spotAt } from './misweave.ts';
import { drawCurve, eachNearStroke } from './stroke.ts';

/** Radius of a tear beyond a third of the weave's pitch and radius of a pit, px; how dark the pit is. */
const LEVELS = {
  1: { tear: 10, radius: [7, 9], dark: 0.8 },
  2: { tear: 5.5, radius: [5, 6.5], dark: 0.65 },
  3: { tear: 2.5, radius: [3.4, 4.4], dark: 0.5 },
} as const;

/** Torn threads with frayed ends over the dark behind them; or a pit with a raised, torn rim. */
export const hole: Defect = (site) => (site.specimen.weave ? tear(site, site.specimen.weave) : pit(site));

function tear({ specimen, sound, difficulty, variant, random }: Site, weave: Weave): Alteration {
  const { x, y } = drawMiddle(random, sound.width);
  const pitch = Math.min(weave.threads[0].pitch, weave.threads[1].pitch);
  const radius = (LEVELS[difficulty].tear + 0.33 * pitch) * between(random, 0.9, 1.15);
  const [u, v] = onThread(weave, x, y, (variant % 2) as 0 | 1);
  const cuts: { direction: 0 | 1; index: number; from: number; to: number; stray: number }[] = [];
  for (const direction of [0, 1] as const) {
    const [across, along] = direction === 0 ? [u, v] : [v, u];
    const { centre, count } = weave.threads[direction];
    for (let index = 0; index < count; index++) {
      const off = (centre[index * LENGTH + column(along)]! - across) / radius;
      if (Math.abs(off) >= 1) continue;
      const reach = radius * Math.sqrt(1 - off * off);
      const fray = (): number => 0.7 * Math.min(pitch, radius) * (random.uniform() - 0.4);
      cuts.push({ direction, index, from: along - reach - fray(), to: along + reach + fray(), stray: bell(random) });
    }
  }
  const fibres = Array.from({ length: specimen.fibre ? Math.round(radius / 2) : 0 }, () => {
    const turn = random.uniform();
    const middle = radius * between(random, 0.55, 0.85);
    const [fx, fy] = [x + middle * cosine(turn), y + middle * sine(turn)];
    return drawCurve(random, { x: fx, y: fy, turn: turn + 0.1 * bell(random), length: radius, bend: 0.3 });
  });
  return {
    parameters: { kind: 'torn', x, y, radius, threads: cuts.length },
    overlay(picture) {
      for (const fibre of fibres) {
        eachNearStroke(picture, fibre, 1.5, (pixel, distance) => {
          blend(picture, pixel, specimen.fibre!, 0.7 * bump(distance / 1.4));
        });
      }
    },
    fault(faulty) {
      for (const { direction, index, from, to, stray } of cuts) {
        const { centre, half, presence } = faulty.threads[direction];
        for (let s = column(from - pitch); s <= column(to + pitch); s++) {
          const at = s - LENGTH / 2;
          const kept = smoothstep(from + 2, from - 1, at) + smoothstep(to - 2, to + 1, at);
          // Towards its end a torn thread thins out and strays.
          const end = bump((at < (from + to) / 2 ? at - from : at - to) / (1.4 * pitch));
          presence[index * LENGTH + s] = kept;
          half[index * LENGTH + s]! *= 1 - 0.5 * end;
          centre[index * LENGTH + s]! += 0.22 * Math.min(pitch, 9) * stray * end;
        }
      }
    },
  };
}

/** The place in the weave that is nearest to (x, y) and in the middle of a thread: a tear takes at least one. */
function onThread(weave: Weave, x: number, y: number, direction: 0 | 1): [u: number, v: number] {
  const { index, along } = spotAt(weave, x, y, direction);
  const across = weave.threads[direction].centre[index * LENGTH + column(along)]!;
  return direction === 0 ? [across, along] : [along, across];
}

function pit({ specimen, sound, difficulty, random }: Site): Alteration {
  const { radius: range, dark } = LEVELS[difficulty];
  const radius = between(random, range[0], range[1]);
  const { x, y } = drawMiddle(random, sound.width);
  const depthAt = drawBlob(random, { x, y, radius, aspect: between(random, 1, 1.5), turn: random.uniform(), rough: 0.4 });
  const crumbs = octaveNoise(random, { along: 3, octaves: 2 });
  return {
    parameters: { kind: 'pit', x, y, radius, dark },
    overlay(picture) {
      eachInBlob(picture, depthAt, 4, (pixel, inside, px, py) => {
        // Towards the lower right the wall faces the lamp; the upper left lies in its own shadow.
        const facing = (depthAt(px - 1.5, py - 1.5) - depthAt(px + 1.5, py + 1.5)) / 4;
        const rim = bump((inside + 1) / 2.5) * (0.55 + 0.45 * facing);
        blend(picture, pixel, specimen.rim, Math.max(0, 0.5 * dark * rim));
        if (inside < -1) multiply(picture, pixel, 1 - 0.2 * dark * Math.max(0, -facing) * bump((inside + 1) / 3));
        const wall = 1 + 0.5 * facing * (1 - smoothstep(0, 0.6 * radius, inside)) + 0.25 * crumbs(px, py);
        blend(picture, pixel, scaled(specimen.beneath, wall), dark * smoothstep(-0.6, 1.2, inside));
      });
    },
  };
}
