import type { HostTensor, Size } from '../../plugins/sdk/index.ts';
import { refName, type ValueRef } from '../compiler/plan.ts';
import type { Inspection } from '../data/inspection.ts';
import { inspectionOf } from '../data/inspection.ts';
import type { Combined } from '../why/combination.ts';
import type { Contribution, Explained } from '../why/contributions.ts';
import { gapOf, vectorAt } from '../why/gap.ts';
import { nearestPatches } from '../why/nearest.ts';
import { shareAtOrBelow, usualOf, type Patches } from '../why/normality.ts';
import { boxOf, cellAt, valueAt, type Place } from '../why/place.ts';
import type { ExplainedRun, Normal, Values } from './explainer.ts';
import type { WhyAnswer, WhyContribution, WhyModule, WhyNearest, Without } from './why-task.ts';

export interface Pixel {
  run: ExplainedRun;
  explained: Explained;
  /** Height and width of the image, px. */
  size: Size;
  /** Of the image. */
  at: { x: number; y: number };
  inspection: Inspection;
  place: Place;
  values: Values;
  combined: Combined;
  normality: Normal;
  /** Normal patches to find of each feature. */
  patches: number;
}

/** What there is to say of a pixel, from what was computed of its image. */
export function describePixel(pixel: Pixel): WhyAnswer {
  const { run, explained, size, inspection, place, combined, normality } = pixel;
  const { name, kind } = explained.sink;
  const value = valueAt(mapOf(combined.actual), place);
  const without = (map: HostTensor | undefined): Partial<Without> => {
    if (!map) return {};
    const found = valueAt(mapOf(map), place);
    return { without: found, effect: value === 0 ? null : (value - found) / value };
  };
  const modules = explained.modules.map(({ map, of }, m): WhyModule => ({
    ...named(run, map),
    value: valueAt(mapOf(pixel.values[refName(map)]!), place),
    of: [...of],
    ...without(combined.withoutModule[m]),
  }));
  return {
    category: run.run.category,
    results: run.results.map((one) => one.explained.sink.name),
    result: { name, kind, node: explained.map.node, title: run.run.titles.get(explained.map.node)!, value, usual: combined.usual && valueAt(mapOf(combined.usual), place) },
    size: { height: size[0], width: size[1] },
    ...pixel.at,
    inspected: inOriginal(inspection, size),
    view: place.view,
    views: inspection.windows.length,
    levelsOf: normality.levelsOf,
    unknown: 'why' in normality ? normality.why : null,
    contributions: explained.contributions.map((one, i) => ({ ...describeContribution(pixel, one), ...without(combined.withoutContribution[i]) })),
    modules,
    nearest: describeNearest(pixel),
  };
}

function describeContribution({ run, size, inspection, place, values, normality }: Pixel, { map, teacher, student }: Contribution): WhyContribution {
  const { data, size: grid } = mapOf(values[refName(map)]!);
  const cell = cellAt(place, grid);
  const value = data[cell.row * grid[1] + cell.column]!;
  const levels = normality.levels.get(refName(map));
  return {
    ...named(run, map),
    grid: { height: grid[0], width: grid[1] },
    cell,
    box: boxOf(cell, grid, inspection, place.view, size),
    value,
    normal: levels ? { median: usualOf(levels), share: shareAtOrBelow(levels, value) } : null,
    ownShare: data.reduce((count, one) => count + (one <= value ? 1 : 0), 0) / data.length,
    teacher: teacher && named(run, teacher),
    student: student && named(run, student),
    gap: teacher && student ? gapAt(values[refName(teacher)]!, values[refName(student)]!, place) : null,
  };
}

/** Each at the position of its own grid that the pixel lies in. */
function gapAt(teacher: HostTensor, student: HostTensor, place: Place): WhyContribution['gap'] {
  const [a, b] = [featureAt(teacher, place), featureAt(student, place)];
  return a.length === b.length ? gapOf(a, b) : null;
}

function featureAt({ shape, data }: HostTensor, place: Place): Float32Array {
  const [height, width, channels] = shape as [number, number, number];
  return vectorAt(data, [height, width, channels], cellAt(place, [height, width]));
}

function describeNearest({ run, explained, place, values, normality, patches }: Pixel): WhyNearest[] {
  const teachers = new Map(explained.contributions.flatMap(({ teacher }) => (teacher ? [[refName(teacher), teacher] as const] : [])));
  const boxes = boxesOf(explained, normality);
  return [...teachers].flatMap(([name, ref]) => {
    const known = normality.patches.get(name);
    if (!known) return [];
    const found = nearestPatches(known, featureAt(values[name]!, place), patches);
    return [{ ...named(run, ref), kept: known.views.length, total: known.total, patches: found.map(({ index, distance }) => ({ ...boxes(known, index), distance })) }];
  });
}

/** Where a patch lies in its training image. */
function boxesOf({ sink }: Explained, { images }: Normal): (patches: Patches, index: number) => Omit<WhyNearest['patches'][number], 'distance'> {
  const { geometry } = sink.source;
  const firstViews = [0];
  const inspections = images.map(({ height, width }) => inspectionOf([height, width], geometry));
  for (const { windows } of inspections) firstViews.push(firstViews.at(-1)! + windows.length);
  return ({ grid, views, cells }, index) => {
    const view = views[index]!;
    const image = firstViews.findLastIndex((first) => first <= view);
    const { path, height, width } = images[image]!;
    const cell = { row: Math.floor(cells[index]! / grid[1]), column: cells[index]! % grid[1] };
    return { image: path, size: { height, width }, box: boxOf(cell, grid, inspections[image]!, view - firstViews[image]!, [height, width]) };
  };
}

function named({ run }: ExplainedRun, { node, socket }: ValueRef): { node: string; socket: string; title: string } {
  return { node, socket, title: run.titles.get(node)! };
}

function inOriginal({ inspected, scaled }: Inspection, [height, width]: Size): WhyAnswer['inspected'] {
  const [down, across] = [height / scaled[0], width / scaled[1]];
  return { top: inspected.top * down, left: inspected.left * across, height: inspected.height * down, width: inspected.width * across };
}

function mapOf({ shape, data }: HostTensor): { data: Float32Array; size: Size } {
  return { data, size: [shape[0]!, shape[1]!] };
}
