import { bell } from '../chance.ts';
import { clamp, cosine, sine, smoothstep } from '../exact-math.ts';
import { coarsened, drawSeed, gradientNoise, octaveNoise } from '../noise.ts';
import type { Random } from '../../../../plugins/sdk/random.ts';

/** Threads of one direction. Tables hold a row per thread and a column per px of its length. */
export interface Threads {
  pitch: number;
  count: number;
  /** Middle of the thread across its direction, px from the middle of the weave. */
  centre: Float32Array;
  /** Half of its thickness, px. */
  half: Float32Array;
  /** 1 where the thread is, 0 where it is not. */
  presence: Float32Array;
  /** Brightness of each thread, about 1. */
  tone: Float32Array;
}

/** Two sets of threads, warp (0, running along v) and weft (1, running along u), and which is on top where they cross. */
export interface Weave {
  threads: readonly [warp: Threads, weft: Threads];
  /** 1 where the warp is on top; a row per warp thread, a column per weft thread. */
  over: Uint8Array;
  /** From image px to weave px. */
  place(x: number, y: number): [u: number, v: number];
}

/** Length of every thread, px: the image's diagonal and room for perspective. */
export const LENGTH = 440;

export interface ThreadShape {
  pitch: number;
  /** Half thickness, px. */
  half: number;
  /** Amplitudes: sideways wander in px, thickness along a thread and between threads as shares, tone between threads. */
  wander: number;
  slub: number;
  uneven: number;
  tone: number;
}

export function drawThreads(random: Random, shape: ThreadShape): Threads {
  const { pitch, half } = shape;
  const count = Math.ceil(LENGTH / pitch);
  const wander = gradientNoise(drawSeed(random));
  const slub = gradientNoise(drawSeed(random));
  const threads: Threads = {
    pitch,
    count,
    centre: new Float32Array(count * LENGTH),
    half: new Float32Array(count * LENGTH),
    presence: new Float32Array(count * LENGTH).fill(1),
    tone: new Float32Array(count),
  };
  const phase = random.uniform();
  for (let i = 0; i < count; i++) {
    threads.tone[i] = 1 + shape.tone * bell(random);
    const middle = (i - count / 2 + phase) * pitch + 0.4 * shape.wander * bell(random);
    const thickness = half * clamp(1 + shape.uneven * bell(random), 0.6, 1.4);
    for (let s = 0; s < LENGTH; s++) {
      threads.centre[i * LENGTH + s] = middle + shape.wander * wander(s / 37, i * 0.6);
      threads.half[i * LENGTH + s] = thickness * (1 + shape.slub * slub(s / 29, i * 7.3));
    }
  }
  return threads;
}

/** Image to weave: turned, scaled, seen slightly from the side, and wavy as cloth is. */
export function drawPlacement(
  random: Random,
  { turn, turnJitter, scaleJitter, perspective, wave }: Record<'turn' | 'turnJitter' | 'scaleJitter' | 'perspective' | 'wave', number>,
): Weave['place'] {
  const angle = turn + turnJitter * bell(random);
  const scale = 1 + scaleJitter * bell(random);
  const c = cosine(angle) * scale;
  const s = sine(angle) * scale;
  const px = (perspective * bell(random)) / 256;
  const py = (perspective * bell(random)) / 256;
  const waveU = coarsened(octaveNoise(random, { along: 90 }), 256, 6);
  const waveV = coarsened(octaveNoise(random, { along: 90 }), 256, 6);
  return (x, y) => {
    const dx = x - 127.5;
    const dy = y - 127.5;
    const depth = 1 / (1 + px * dx + py * dy);
    return [
      (c * dx + s * dy) * depth + wave * waveU(x, y),
      (c * dy - s * dx) * depth + wave * waveV(x, y),
    ];
  };
}

export function copyWeave(weave: Weave): Weave {
  const copied = (t: Threads): Threads => ({
    ...t,
    centre: t.centre.slice(),
    half: t.half.slice(),
    presence: t.presence.slice(),
  });
  const [warp, weft] = weave.threads;
  return { ...weave, threads: [copied(warp), copied(weft)], over: weave.over.slice() };
}

/** A thread as met at one place. */
export interface Strand {
  index: number;
  /** −1 at its one edge, 0 in its middle, 1 at its other edge. */
  offset: number;
  /** 0–1: how much of the pixel it covers. */
  cover: number;
}

/** The thread that covers most at a place `across` its direction and `along` it, px; its edges `soft` px wide; written to `out`. */
export function strandAt(threads: Threads, across: number, along: number, out: Strand, soft = 1): void {
  const position = clamp(along + LENGTH / 2, 0, LENGTH - 1.001);
  const s = Math.floor(position);
  const share = position - s;
  const near = Math.floor((across - threads.centre[0 + s]!) / threads.pitch + 0.5);
  out.index = clamp(near, 0, threads.count - 1);
  out.offset = 0;
  out.cover = 0;
  for (let i = Math.max(0, near - 1); i <= Math.min(threads.count - 1, near + 1); i++) {
    const at = i * LENGTH + s;
    const presence = threads.presence[at]! * (1 - share) + threads.presence[at + 1]! * share;
    if (presence === 0) continue;
    const centre = threads.centre[at]! * (1 - share) + threads.centre[at + 1]! * share;
    const half = threads.half[at]!;
    const distance = across - centre;
    const cover = clamp((half - Math.abs(distance)) / soft + 0.5) * presence;
    if (cover <= out.cover) continue;
    out.index = i;
    out.offset = clamp(distance / half, -1, 1);
    out.cover = cover;
  }
}

/** How high a thread lies where it meets the others: 1 on top, −1 below, smooth in between; and its slope per pitch. */
export function rise(weave: Weave, direction: 0 | 1, index: number, along: number): [height: number, slope: number] {
  const crossing = weave.threads[direction === 0 ? 1 : 0];
  const s = clamp(Math.floor(along + LENGTH / 2), 0, LENGTH - 1);
  const position = (along - crossing.centre[s]!) / crossing.pitch;
  const before = clamp(Math.floor(position), 0, crossing.count - 2);
  const from = signAt(weave, direction, index, before);
  const to = signAt(weave, direction, index, before + 1);
  const t = smoothstep(0, 1, position - before);
  return [from + (to - from) * t, (to - from) * 6 * t * (1 - t) * 0.5];
}

function signAt(weave: Weave, direction: 0 | 1, index: number, other: number): number {
  const weftCount = weave.threads[1].count;
  const warpOnTop = direction === 0 ? weave.over[index * weftCount + other] : weave.over[other * weftCount + index];
  return (warpOnTop === 1) === (direction === 0) ? 1 : -1;
}

/** Plain weave: each thread alternates. */
export function plainOver(warps: number, wefts: number): Uint8Array {
  return Uint8Array.from({ length: warps * wefts }, (_, at) => (Math.floor(at / wefts) + (at % wefts)) % 2);
}
