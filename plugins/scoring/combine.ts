import type { Tensor4D } from '@tensorflow/tfjs-core';
import {
  choice,
  defineNode,
  integer,
  map,
  numbers,
  resizeBilinear,
  type InferContext,
  type Signal,
  type Signals,
  type Sockets,
} from '../sdk/index.ts';

/** Maps `[h, w, 1]` of any strides, of the same `H`×`W` images, to one `map` `[H, W, 1]`. */
export const combine = defineNode({
  type: 'scoring/combine',
  version: 1,
  title: 'Combine maps',
  summary:
    "Upsamples maps to the images' size (bilinear, half-pixel centres) and multiplies or adds them. " +
    'Maps that have been centred are not multiplied: two values below zero would make an anomaly.',
  category: 'scoring',
  cite: 'Thomine & Snoussi 2024, Eq. 5 (product), Eq. 6 (sum), Table 8',
  params: {
    maps: integer({ default: 2, min: 1, max: 16, help: 'How many maps.' }),
    operation: choice({
      default: 'product',
      options: { product: 'product', sum: 'sum', 'weighted-sum': 'weighted sum' },
      help: 'What is made of the values of all maps at a pixel.',
    }),
    weights: numbers({ default: [1, 1], help: 'One factor a map, in their order; with `weighted-sum` only.' }),
  },
  inputs: ({ maps }): Sockets => Object.fromEntries(socketsOf(maps).map((socket) => [socket, map()])),
  outputs: { map: map() },
  infer(inputs, params, ctx): Signals {
    const image = imageOf(inputs, ctx);
    const isWeighed = areWeightsRight(params, ctx);
    const isAllowed = params.operation !== 'product' || areMultipliable(inputs, ctx);
    if (!image || !isWeighed || !isAllowed) return {};
    const pixels = image[0] * image[1];
    const resized = Object.values(inputs).filter((signal) => !isAt(signal, image)).length;
    // A bilinear value is made of four; combining takes one more.
    ctx.cost({
      multiplyAdds: pixels * (4 * resized + params.maps),
      activationBytes: 4 * pixels * (resized + Math.max(params.maps - 1, 1)),
    });
    const maySubtract = params.operation === 'weighted-sum' && params.weights.some((weight) => weight < 0);
    const centred = maySubtract || Object.values(inputs).some((signal) => signal.centred);
    return { map: { type: 'map', shape: [...image, 1], stride: 1, image, ...(centred ? { centred } : {}) } };
  },
  build({ tf, outputs }, { maps, operation, weights }) {
    const [height = 0, width = 0] = outputs['map']!.shape;
    return (inputs) => {
      const upsampled = socketsOf(maps).map((socket, i) => {
        const x = inputs[socket] as Tensor4D;
        const atSize = x.shape[1] === height && x.shape[2] === width ? x : resizeBilinear(tf, x, height, width);
        return operation === 'weighted-sum' ? tf.mul(atSize, weights[i]!) : atSize;
      });
      return { map: upsampled.reduce((a, b) => (operation === 'product' ? tf.mul(a, b) : tf.add(a, b))) };
    };
  },
});

function socketsOf(maps: number): string[] {
  return Array.from({ length: maps }, (_, i) => `map${i + 1}`);
}

function isAt({ shape }: Signal, [height, width]: readonly [number, number]): boolean {
  return shape[0] === height && shape[1] === width;
}

/** The size of the images that all maps were computed from. */
function imageOf(inputs: Signals, ctx: InferContext): readonly [number, number] | undefined {
  let first: { socket: string; image: readonly [number, number] } | undefined;
  let agree = true;
  for (const [socket, { image }] of Object.entries(inputs)) {
    if (!image) {
      agree = false;
      ctx.problem({
        code: 'unknown-image-size',
        socket,
        message: 'expected a map that knows the size of the images it was computed from, found one that does not',
        hint: 'connect a map that was made from features of images',
      });
    } else if (!first) first = { socket, image };
    else if (image.join() !== first.image.join()) {
      agree = false;
      ctx.problem({
        code: 'image-mismatch',
        socket,
        message: `expected a map of ${first.image.join('×')} images as on "${first.socket}", found one of ${image.join('×')}`,
        hint: 'combine maps of the same images',
      });
    }
  }
  return agree ? first?.image : undefined;
}

function areMultipliable(inputs: Signals, ctx: InferContext): boolean {
  const centred = Object.entries(inputs).filter(([, signal]) => signal.centred);
  for (const [socket] of centred) {
    ctx.problem({
      code: 'centred-product',
      socket,
      message: 'expected a map that is nowhere below zero, found one that has been centred',
      hint: 'normalise it with `method` "quantile", which only scales, or use `operation` "sum"',
    });
  }
  return centred.length === 0;
}

function areWeightsRight(
  { operation, weights, maps }: { operation: string; weights: readonly number[]; maps: number },
  ctx: InferContext,
): boolean {
  if (operation !== 'weighted-sum' || weights.length === maps) return true;
  ctx.problem({
    code: 'invalid-parameter',
    field: 'weights',
    message: `expected ${maps} weights, one for each map, found ${weights.length}`,
    hint: 'list one factor for each map',
  });
  return false;
}
