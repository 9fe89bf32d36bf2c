import type { Random, Signal, Signals, Socket, Sockets } from '../../plugins/sdk/index.ts';

/** Signals by socket type that the author of a type of socket gives, for nodes that take it. */
export type ExampleSignals = Record<string, readonly Signal[]>;

interface Scene {
  /** Height and width of the image, px. */
  image: readonly [number, number];
  stride: number;
  channels: number;
}

const sizes: readonly (readonly [number, number])[] = [[64, 48], [32, 32], [40, 72]];
const strides = [4, 8, 1, 16, 2];
const depths = [8, 3, 16, 1];

/**
 * Inputs to ask a node about, the likeliest first: alike on all sockets; then as the node's problems ask for
 * (`suggest`); then socket by socket unlike, of which many do not fit. Never ends.
 */
export class GeneratedInputs {
  readonly #sockets: Sockets;
  readonly #examples: ExampleSignals;
  readonly #random: Random;
  readonly #suggested: Scene[] = [];
  readonly #known = new Set<string>();
  #next = 0;

  constructor(sockets: Sockets, examples: ExampleSignals, random: Random) {
    this.#sockets = sockets;
    this.#examples = examples;
    this.#random = random;
  }

  next(): Signals {
    const i = this.#next++;
    const suggested = this.#suggested.shift();
    if (suggested) return this.#alike(suggested, i);
    if (i < alike) return this.#alike(sceneAt(i), i);
    return this.#unlike(i);
  }

  /** Inputs that probably do not fit. */
  nextUnlike(): Signals {
    return this.#unlike(this.#next++);
  }

  /** Takes numbers out of what a problem says: `expected 112 channels`, `expected 14×14 positions`. */
  suggest(message: string): void {
    for (const [, height, width] of message.matchAll(/(\d+)×(\d+)/g)) this.#propose({ image: [Number(height), Number(width)], stride: 1, channels: 8 });
    for (const [number] of message.matchAll(/\d+/g)) this.#propose({ image: sizes[0]!, stride: 4, channels: Number(number) });
  }

  #propose(scene: Scene): void {
    const values = [...scene.image, scene.channels];
    const key = JSON.stringify(scene);
    if (this.#known.has(key) || this.#known.size >= mostSuggestions || values.some((n) => n < 1 || n > 2048)) return;
    this.#known.add(key);
    this.#suggested.push(scene);
  }

  #alike(scene: Scene, i: number): Signals {
    // Every other time what may stay unconnected does.
    const connected = Object.entries(this.#sockets).filter(([, socket]) => !socket.optional || i % 2 === 0);
    return Object.fromEntries(connected.map(([name, socket]) => [name, this.#signal(socket, scene, i)]));
  }

  #unlike(i: number): Signals {
    const random = this.#random;
    const base = sceneAt(random.integer(sizes.length * strides.length * depths.length));
    const signals: Signals = {};
    for (const [name, socket] of Object.entries(this.#sockets)) {
      if (socket.optional && random.uniform() < 0.5) continue;
      const scene = { ...base };
      const change = random.integer(8);
      if (change === 0) scene.stride = Math.max(1, base.stride / 2);
      else if (change === 1) scene.stride = 2 * base.stride;
      else if (change === 2) scene.channels = depths[random.integer(depths.length)]!;
      else if (change === 3) scene.image = sizes[random.integer(sizes.length)]!;
      else if (change === 4) scene.image = [1, 1];
      const { stride, image, ...bare } = this.#signal(socket, scene, i);
      const place = random.uniform() < 0.15 ? {} : { ...(stride === undefined ? {} : { stride }), ...(image ? { image } : {}) };
      const centred = socket.type === 'map' && random.uniform() < 0.2 ? { centred: true } : {};
      // An image of another depth is what someone may connect from a third pack.
      const shape = socket.type === 'images' && change === 5 ? [...bare.shape.slice(0, 2), scene.channels] : bare.shape;
      signals[name] = { ...bare, shape, ...place, ...centred };
    }
    return signals;
  }

  #signal({ type }: Socket, { image, stride, channels }: Scene, i: number): Signal {
    const examples = this.#examples[type];
    if (examples?.length) return structuredClone(examples[i % examples.length]!);
    const positions = image.map((side) => Math.ceil(side / stride));
    switch (type) {
      case 'images':
        return { type, shape: [...image, 3], stride: 1, image };
      case 'map':
        return { type, shape: [...positions, 1], stride, image };
      case 'score':
      case 'loss':
      case 'dataset':
      case 'weights':
      case 'report':
        return { type, shape: [] };
      default:
        return { type, shape: [...positions, channels], stride, image };
    }
  }
}

const alike = sizes.length * strides.length;
const mostSuggestions = 24;

/** Sizes, strides and depths change together, so that the first few differ in all of them. */
function sceneAt(i: number): Scene {
  return { image: sizes[i % sizes.length]!, stride: strides[i % strides.length]!, channels: depths[i % depths.length]! };
}
