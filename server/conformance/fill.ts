import { createRandom, type HostTensor, type Random, type Signal, type Signals, type WeightSpec } from '../../plugins/sdk/index.ts';

/** Values to try nodes with, drawn once and dealt out from then on: drawing millions of them anew takes seconds. */
const poolSize = 2 ** 16 + 1;

export class Fill {
  readonly #random: Random;
  readonly #uniform: Float32Array;
  readonly #normal: Float32Array;

  constructor(...seed: readonly (string | number)[]) {
    this.#random = createRandom(...seed);
    this.#uniform = Float32Array.from({ length: poolSize }, this.#random.uniform);
    this.#normal = Float32Array.from({ length: poolSize }, this.#random.normal);
  }

  uniform(count: number): Float32Array {
    return this.#deal(this.#uniform, count);
  }

  normal(count: number): Float32Array {
    return this.#deal(this.#normal, count);
  }

  /** A batch for each input that has tensors: images in 0–1, maps from 0 where they are not centred, else about ±1. */
  feeds(inputs: Signals, batch: number): Record<string, HostTensor> {
    return Object.fromEntries(
      Object.entries(inputs)
        .filter(([, { type }]) => !withoutTensors.has(type))
        .map(([socket, signal]) => [socket, this.#feed(signal, batch)]),
    );
  }

  /** Values near those that weights start with, but none of them special: a scale of 0 would hide a gradient. */
  weights(specs: readonly WeightSpec[]): Map<string, Float32Array> {
    return new Map(specs.map((spec) => [spec.name, this.#weight(spec)]));
  }

  #feed({ type, shape, centred }: Signal, batch: number): HostTensor {
    const whole = batched(type, shape, batch);
    const count = sizeOf(whole);
    const positive = type === 'images' || type === 'score' || type === 'loss' || (type === 'map' && !centred);
    return { shape: whole, data: positive ? this.uniform(count) : this.normal(count) };
  }

  #weight({ shape, init }: WeightSpec): Float32Array {
    const count = sizeOf(shape);
    switch (init.kind) {
      case 'zeros':
        return this.normal(count).map((x) => 0.1 * x);
      case 'ones':
        return this.uniform(count).map((x) => 0.9 + 0.2 * x);
      case 'constant':
        return this.uniform(count).map((x) => init.value * (0.9 + 0.2 * x));
      case 'normal':
        return this.normal(count).map((x) => init.deviation * x);
      case 'kaiming':
        return this.normal(count).map((x) => Math.sqrt(2 / init.fan) * x);
      case 'uniform':
        return this.uniform(count).map((x) => init.bound * (2 * x - 1));
    }
  }

  #deal(pool: Float32Array, count: number): Float32Array {
    const from = this.#random.integer(poolSize);
    const dealt = new Float32Array(count);
    for (let at = 0, begin = from; at < count; begin = 0) {
      const part = pool.subarray(begin, begin + Math.min(poolSize - begin, count - at));
      dealt.set(part, at);
      at += part.length;
    }
    return dealt;
  }
}

/** What flows there is no tensor. */
export const withoutTensors: ReadonlySet<string> = new Set(['dataset', 'weights', 'report']);

/** Losses alone have no batch dimension. */
export function batched(type: string, shape: readonly number[], batch: number): number[] {
  return type === 'loss' ? [...shape] : [batch, ...shape];
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
