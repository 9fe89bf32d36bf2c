import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../plugins/sdk/random.ts';
import type { FirstLayer } from '../../../../server/weights/check/first-layer.ts';
import { fitOf, knownForms, typicalResponse, type InputForm } from '../../../../server/weights/check/input-form.ts';
import { naturalImages } from '../../../../server/weights/check/natural-images.ts';
import { orderOf } from '../../../../server/weights/check/order.ts';
import { patchMoments } from '../../../../server/weights/check/patch-moments.ts';

const [kernel, count] = [3, 24];
const images = naturalImages(4, 96);
const moments = patchMoments(images, kernel);
const random = createRandom('filters');
/** Smooth filters with colours: a colour times a bump or an edge. */
const filters = Array.from({ length: count }, (_, f) => {
  const colour = [random.normal(), random.normal(), random.normal()];
  const profile = f % 2 ? [-1, 0.2, 1] : [0.5, 1, 0.5];
  return Float64Array.from({ length: kernel * kernel * 3 }, (_, at) => colour[at % 3]! * profile[Math.floor(at / 3) % 3]! * 0.3);
});

/** What batch-norm sees in training: responses to images brought into the form, one after the other. */
function seenIn({ mean, deviation, order }: InputForm): FirstLayer {
  const { side, data } = images;
  const input = data.map((_, at) => {
    const colour = order === 'RGB' ? at % 3 : 2 - (at % 3);
    return (data[at - (at % 3) + colour]! - mean[colour]!) / deviation[colour]!;
  });
  const statistics = filters.map((filter) => {
    const responses: number[] = [];
    for (let image = 0; image < images.count; image++) {
      // Other places than those whose moments are taken.
      for (let y = 3; y + kernel <= side; y += 7) {
        for (let x = 3; x + kernel <= side; x += 7) {
          let sum = 0;
          for (let at = 0; at < filter.length; at++) {
            const row = Math.floor(at / (3 * kernel));
            sum += filter[at]! * input[((image * side + y + row) * side + x) * 3 + (at % (3 * kernel))]!;
          }
          responses.push(sum);
        }
      }
    }
    const average = responses.reduce((a, b) => a + b, 0) / responses.length;
    return [average, responses.reduce((a, b) => a + (b - average) ** 2, 0) / responses.length] as const;
  });
  const running = { mean: Float32Array.from(statistics, ([m]) => m), variance: Float32Array.from(statistics, ([, v]) => v) };
  return { name: 'conv', kernel, filters, dead: 0, firstHeavier: 12, thirdHeavier: 12, running };
}

const fitsOf = (layer: FirstLayer) => knownForms.map((form) => fitOf(form, layer, layer.running!, moments));

describe('the form of input that batch-norm has seen', () => {
  it.each(knownForms)('is told: $name, $order', (form) => {
    const fits = fitsOf(seenIn(form)).sort((a, b) => a.divergence - b.divergence);
    expect(fits[0]!.form.name).toBe(form.name);
    expect(fits[0]!.divergence).toBeLessThan(0.1);
    expect(fits[0]!.ratio).toBeGreaterThan(0.8);
    expect(fits[0]!.ratio).toBeLessThan(1.25);
    const others = fits.filter(({ form: { name } }) => name !== form.name);
    expect(others[0]!.divergence).toBeGreaterThan(fits[0]!.divergence + 0.15);
  });

  it('tells the order of channels where the mean is not that of the images', () => {
    for (const name of ['0…1', '0…255', '−1…1 (mean and deviation 0.5)']) {
      for (const order of ['RGB', 'BGR'] as const) {
        const layer = seenIn(knownForms.find((form) => form.name === name && form.order === order)!);
        expect(orderOf(layer, fitsOf(layer)).statistics, `${name} ${order}`).toBe(order);
      }
    }
  });

  it('leaves out filters that have seen nothing', () => {
    const layer = seenIn(knownForms[0]!);
    const clean = fitsOf(layer)[0]!.divergence;
    const dead = { ...layer, filters: [...filters, new Float64Array(27)] };
    dead.running = { mean: Float32Array.of(...layer.running!.mean, 0), variance: Float32Array.of(...layer.running!.variance, 0) };
    expect(fitOf(knownForms[0]!, dead, dead.running, moments).divergence).toBeCloseTo(clean, 9);
  });
});

describe('order by the filters themselves', () => {
  it.each([
    [47, 9, 'RGB'],
    [9, 47, 'BGR'],
    [21, 7, null],
    [0, 0, null],
  ])('%d lean to the first channel and %d to the third: %s', (firstHeavier, thirdHeavier, filters) => {
    const layer: FirstLayer = { name: 'conv', kernel, filters: [], dead: 0, firstHeavier, thirdHeavier };
    expect(orderOf(layer, [])).toEqual({ statistics: null, filters });
  });
});

it('responses grow with the scale of the input', () => {
  const layer = seenIn(knownForms[0]!);
  const of = (name: string): number => typicalResponse(knownForms.find((form) => form.name === name)!, layer, moments);
  expect(of('0…255') / of('0…1')).toBeCloseTo(255, 3);
});
