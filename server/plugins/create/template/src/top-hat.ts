import { defineNode, integer, map, type Tensor, type Tf } from 'stillroom/sdk';

/**
 * White top-hat of an anomaly map: what stands out of its opening by a square window. `map` `[h, w, 1]` to the same, not
 * below zero.
 */
export const topHat = defineNode({
  type: 'stillroom-plugin-name/top-hat',
  version: 1,
  title: 'Small peaks',
  summary: 'Keeps of an anomaly map what is smaller than a window, and takes away what is broader: haze, slopes, bright borders.',
  category: 'scoring',
  cite: 'White top-hat transform: Meyer 1979; Serra 1982, ch. XII',
  params: {
    window: integer({ default: 65, min: 3, max: 255, step: 2, unit: 'px', help: "Side of the window in pixels of the network's images, whatever the stride of the map; broader than the broadest defect." }),
  },
  inputs: { map: map() },
  outputs: { map: map() },
  // What flows out, known without a tensor: the editor asks at every edit.
  infer(inputs, _params, ctx) {
    const { shape } = inputs['map']!;
    const [height = 0, width = 0] = shape;
    ctx.cost({ activationBytes: 4 * 4 * height * width });
    // Values below zero are gone, so that the map may be multiplied with others.
    return { map: { ...inputs['map']!, centred: false } };
  },
  // The same in tensors, with the batch before the shape.
  build({ tf, inputs }, { window }) {
    const side = odd(window / (inputs['map']!.stride ?? 1));
    return (tensors) => {
      const x = tensors['map']!;
      return { map: tf.sub(x, dilated(tf, eroded(tf, x, side), side)) };
    };
  },
});

/** The nearest odd number of positions, so that the window has a middle. */
const odd = (positions: number): number => 2 * Math.round((Math.max(1, positions) - 1) / 2) + 1;

/** The largest value of each window; outside of the map there is none. A square is a row of columns, which costs less. */
function dilated(tf: Tf, x: Tensor, side: number): Tensor {
  return tf.maxPool(tf.maxPool(x as never, [side, 1], 1, 'same'), [1, side], 1, 'same');
}

/** The smallest value of each window. */
const eroded = (tf: Tf, x: Tensor, side: number): Tensor => tf.neg(dilated(tf, tf.neg(x), side));
