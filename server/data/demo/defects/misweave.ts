import type { Random } from '../../../../plugins/sdk/random.ts';
import { between, sign } from '../chance.ts';
import { bump, clamp, smoothstep } from '../exact-math.ts';
import { LENGTH, type Weave } from '../surfaces/weave.ts';
import { drawMiddle, type Defect } from './defect.ts';

/**
 * Length of the mistake along the thread, px; how far it is pushed aside, in pitches; how many crossings are
 * wrong, and how far it bows there, in pitches.
 */
const LEVELS = {
  1: { missing: 100, push: 0.8, over: 110, crossings: 9, slack: 0.24 },
  2: { missing: 60, push: 0.6, over: 80, crossings: 6, slack: 0.2 },
  3: { missing: 36, push: 0.42, over: 60, crossings: 4, slack: 0.16 },
} as const;

/** The place of a mistake: a thread of one direction, and where along it. */
interface Spot {
  direction: 0 | 1;
  index: number;
  /** px along the thread, from the weave's middle. */
  along: number;
}

/** Threads laid wrongly, along a thread: one left out, one pushed aside, or crossings on the wrong side. */
export const misweave: Defect = ({ specimen, sound, difficulty, variant, random }) => {
  const level = LEVELS[difficulty];
  const weave = specimen.weave!;
  const { x, y } = drawMiddle(random, sound.width);
  const direction = random.integer(2) as 0 | 1;
  const spot = spotAt(weave, x, y, direction);
  const threads = weave.threads[direction];
  const kind = (['missing', 'pushed', 'crossed'] as const)[(variant + Math.floor(variant / 3)) % 3]!;
  const fault = {
    missing: () => leaveOut(random, spot, level.missing),
    pushed: () => pushAside(random, spot, level.push * threads.pitch, level.over),
    crossed: () => crossWrongly(spot, level.crossings, sign(random) * level.slack * threads.pitch),
  }[kind]();
  return { parameters: { kind, x, y, direction: direction === 0 ? 'warp' : 'weft', thread: spot.index }, fault };
};

export function spotAt(weave: Weave, x: number, y: number, direction: 0 | 1): Spot {
  const [u, v] = weave.place(x, y);
  const [across, along] = direction === 0 ? [u, v] : [v, u];
  const { centre, count } = weave.threads[direction];
  const s = column(along);
  let index = 0;
  for (let i = 1; i < count; i++) {
    if (Math.abs(centre[i * LENGTH + s]! - across) < Math.abs(centre[index * LENGTH + s]! - across)) index = i;
  }
  return { direction, index, along };
}

export function column(along: number): number {
  return clamp(Math.round(along + LENGTH / 2), 0, LENGTH - 1);
}

/** The thread is missing over a length, and its neighbours lean into the gap. */
function leaveOut(random: Random, { direction, index, along }: Spot, length: number) {
  const [from, to] = [along - length / 2, along + length / 2];
  const lean = between(random, 0.1, 0.2);
  return (weave: Weave): void => {
    const { centre, presence, pitch, count } = weave.threads[direction];
    for (let s = column(from); s <= column(to); s++) {
      const at = s - LENGTH / 2;
      presence[index * LENGTH + s] = smoothstep(from + 1.5, from, at) + smoothstep(to - 1.5, to, at);
      const middle = smoothstep(from, from + pitch, at) * smoothstep(to, to - pitch, at);
      if (index > 0) centre[(index - 1) * LENGTH + s]! += lean * pitch * middle;
      if (index < count - 1) centre[(index + 1) * LENGTH + s]! -= lean * pitch * middle;
    }
  };
}

/** The thread bulges to one side; the next one gives way by half. */
function pushAside(random: Random, { direction, index, along }: Spot, distance: number, length: number) {
  const side = sign(random);
  return (weave: Weave): void => {
    const { centre, count } = weave.threads[direction];
    for (let s = column(along - length / 2); s <= column(along + length / 2); s++) {
      const share = bump((s - LENGTH / 2 - along) / (length / 2));
      centre[index * LENGTH + s]! += side * distance * share;
      const next = index + side;
      if (next >= 0 && next < count) centre[next * LENGTH + s]! += 0.5 * side * distance * share;
    }
  };
}

/** The thread stays on the same side of several threads that it should pass in turn (a float), and so held by none it bows. */
function crossWrongly({ direction, index, along }: Spot, crossings: number, slack: number) {
  return (weave: Weave): void => {
    const { centre } = weave.threads[direction];
    const crossed = weave.threads[direction === 0 ? 1 : 0];
    const wefts = weave.threads[1].count;
    const first = Math.round((along - crossed.centre[LENGTH / 2]!) / crossed.pitch - crossings / 2);
    for (let other = Math.max(0, first); other < Math.min(crossed.count, first + crossings); other++) {
      const at = direction === 0 ? index * wefts + other : other * wefts + index;
      weave.over[at] = direction === 0 ? 1 : 0;
    }
    const half = (crossings * crossed.pitch) / 2;
    for (let s = column(along - half); s <= column(along + half); s++) {
      centre[index * LENGTH + s]! += slack * bump((s - LENGTH / 2 - along) / half);
    }
  };
}
