import { defineNode, map, number, numbers, StillroomError, text, type HostTensor, type ReportSection, type Sample, type Signals, type Sink, type SinkReport } from 'stillroom/sdk';
import { bySize } from './by-size.ts';
import { areaTo, overlapCurve, thinned, type Pixels, type Point } from './overlap.ts';
import { labelRegions } from './regions.ts';

const mostPoints = 200;

export const regionOverlap = defineNode({
  type: 'stillroom-pro-curves/region-overlap',
  version: 1,
  title: 'Region overlap',
  summary: 'Measures how much of each defective region a map finds: the area under the PRO curve up to several false-positive rates, for small, medium and large regions, and saturated.',
  category: 'evaluation',
  cite: 'Bergmann et al. 2021, MVTec AD, §6.2 (PRO); Bergmann et al. 2022, MVTec LOCO AD, eq. 1 (saturation)',
  params: {
    name: text({ default: 'region overlap', help: 'What the result is called in reports.' }),
    limits: numbers({ default: [0.05, 0.1, 0.3], min: 0.001, max: 1, help: 'False-positive rates of pixels, 0–1, up to which the curve is integrated.' }),
    saturation: number({ default: 1, min: 0.01, max: 1, step: 0.05, help: 'Share of a region from which on it counts as found, 0–1.' }),
  },
  inputs: { map: map() },
  outputs: {},
  infer(_inputs, { name, limits }, ctx): Signals {
    const problem = (field: string, message: string, hint: string): void => ctx.problem({ code: 'invalid-parameter', field, message, hint });
    if (!/^[\p{L}\p{N}][\p{L}\p{N} ._+-]*$/u.test(name)) problem('name', `expected a name of letters, digits, spaces and . _ + -, found "${name}"`, 'name the result by what it measures');
    if (limits.length === 0 || new Set(limits).size < limits.length) problem('limits', `expected one or more different rates, found ${limits.join(', ') || 'none'}`, 'use 0.3, as the literature does');
    return {};
  },
  sink: ({ name, limits, saturation }): Sink => ({
    name,
    kind: 'map',
    evaluate() {
      const normal: Float32Array[] = [];
      const regions: Float32Array[] = [];
      let withoutMask = 0;
      return {
        add(sample, value) {
          if (sample.anomalous && !sample.mask) withoutMask++;
          else divide(sample, value, normal, regions);
        },
        finish: () => report({ normal: joined(normal), regions }, limits, saturation, withoutMask),
      };
    },
  }),
});

function divide({ file, anomalous, mask }: Sample, { shape, data }: HostTensor, normal: Float32Array[], regions: Float32Array[]): void {
  const [height = 1, width = 1] = shape.slice(-3);
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new StillroomError('map-not-finite', `expected a finite anomaly map, found ${data[bad]}`, { file, socket: 'map', hint: 'check what feeds the map: a value is divided by zero or grows without bounds' });
  if (!anomalous || !mask) return void normal.push(data.slice());
  const { labels, sizes } = labelRegions(mask, height, width);
  normal.push(data.filter((_, i) => labels[i] === 0));
  for (let region = 1; region <= sizes.length; region++) regions.push(data.filter((_, i) => labels[i] === region));
}

function report(pixels: Pixels, limits: readonly number[], saturation: number, withoutMask: number): SinkReport {
  const deepest = Math.max(...limits);
  const classes = [{ name: 'all', regions: [...pixels.regions], largest: 0 }, ...bySize(pixels.regions)];
  const measured = classes.map(({ name, regions, largest }): Measured => {
    const curve = overlapCurve({ normal: pixels.normal, regions }, deepest, saturation);
    return { name, regions, largest, curve, areas: limits.map((limit) => areaTo(limit, curve)) };
  });
  const metrics = measured.flatMap(({ name, areas }) => areas.map((area, i): [string, number | null] => [`${name === 'all' ? 'aupro' : `${name} aupro`}@${limits[i]}`, area]));
  return {
    metrics: Object.fromEntries(metrics),
    notes: [
      ...(pixels.regions.length === 0 ? ['undefined: no image has a defective region'] : []),
      ...(saturation < 1 ? [`regions count as found from ${Math.round(100 * saturation)} % on`] : []),
      ...(withoutMask > 0 ? [`${withoutMask} anomalous ${withoutMask === 1 ? 'image has no mask and is' : 'images have no masks and are'} left out`] : []),
    ],
    sections: pixels.regions.length === 0 ? [] : [section(measured, limits, saturation)],
  };
}

interface Measured {
  name: string;
  regions: readonly Float32Array[];
  largest: number;
  curve: readonly Point[];
  areas: readonly (number | null)[];
}

function section(measured: readonly Measured[], limits: readonly number[], saturation: number): ReportSection {
  const sizes = ({ name, largest }: Measured): string => (name === 'all' ? 'all regions' : `${name} regions, to ${largest} px`);
  return {
    title: 'Region overlap',
    text: [
      `The mean share of each defective region that is found, over the share of normal pixels that are called defective; the area under it up to some of these rates, divided by them.${saturation < 1 ? ` A region counts as found once ${Math.round(100 * saturation)} % of it are.` : ''}`,
    ],
    tables: [
      {
        title: 'Area under the curve by the size of regions and false-positive rate',
        columns: [{ title: 'regions', kind: 'text' }, { title: 'count', kind: 'number' }, ...limits.map((limit) => ({ title: `to ${limit}`, kind: 'share' as const }))],
        rows: measured.map((one) => [sizes(one), one.regions.length, ...one.areas]),
      },
    ],
    curves: measured.map((one) => {
      const points = thinned(one.curve, mostPoints);
      return {
        name: sizes(one),
        x: { title: 'false-positive rate', values: points.map(({ rate }) => rate) },
        y: { title: 'per-region overlap', values: points.map(({ overlap }) => overlap) },
      };
    }),
  };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
