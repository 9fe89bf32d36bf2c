import type { HostTensor, Size } from '../../plugins/sdk/index.ts';
import type { SinkPlan } from '../compiler/plan.ts';
import { resizeMap } from '../data/in-original.ts';
import { isWithin, withinImage, type Inspection } from '../data/inspection.ts';

/**
 * What a result is of an image, from what it is of the image's views: of a score the largest; of a map that of the
 * inspected part, row-major `[h, w, 1]`.
 */
export function assembleViews({ kind }: Pick<SinkPlan, 'kind'>, views: readonly HostTensor[], inspection: Inspection): HostTensor {
  if (kind === 'score') return { shape: views[0]!.shape, data: largest(views.map(({ data }) => data)) };
  const [height = 0, width = 0] = views[0]!.shape.slice(-3);
  const data = assembleMaps(views.map((view) => view.data), [height, width], inspection);
  return { shape: [...assembledSize([height, width], inspection), 1], data };
}

/** Height and width of an assembled map whose views have maps of `map`. */
export function assembledSize(map: Size, { windows, scaled, inspected }: Inspection): Size {
  return windows.length === 1 && isWithin(windows[0]!, scaled) ? map : [inspected.height, inspected.width];
}

/**
 * Joins the maps of views. A single one that shows the image alone stays as it is, at whatever size. Otherwise maps
 * are brought to the size of their views, what is filled is left out, and where tiles overlap they are blended with
 * weights that fall to a tile's border, so that no seam is left.
 */
export function assembleMaps(maps: readonly Float32Array[], size: Size, inspection: Inspection): Float32Array {
  const { windows, scaled, inspected } = inspection;
  const joined = assembledSize(size, inspection);
  if (joined === size) return maps[0]!;
  const out = new Float32Array(joined[0] * joined[1]);
  const down = shares(windows.map(({ top, height }) => [top, height]), inspected.top, inspected.height);
  const across = shares(windows.map(({ left, width }) => [left, width]), inspected.left, inspected.width);
  for (const [i, window] of windows.entries()) {
    const map = resizeMap({ data: maps[i]!, size }, [window.height, window.width]);
    const shown = withinImage(window, scaled);
    const [rows, columns] = [down.get(window.top)!, across.get(window.left)!];
    for (let y = shown.top; y < shown.top + shown.height; y++) {
      const from = (y - window.top) * window.width - window.left;
      const to = (y - inspected.top) * joined[1] - inspected.left;
      const share = rows[y - window.top]!;
      for (let x = shown.left; x < shown.left + shown.width; x++) {
        out[to + x] = out[to + x]! + map[from + x]! * share * columns[x - window.left]!;
      }
    }
  }
  return out;
}

/**
 * Views lie in a grid, so weights are products of those along each side: of each start, the share that a view's
 * positions have in what is seen there. They fall linearly to the view's ends; a position that one view alone shows is
 * all its own.
 */
function shares(spans: readonly (readonly [start: number, length: number])[], first: number, length: number): Map<number, Float64Array> {
  const distinct = new Map(spans);
  const weight = (at: number, span: number): number => Math.min(at + 0.5, span - at - 0.5);
  const total = new Float64Array(length);
  const each = (visit: (start: number, span: number, at: number) => void): void => {
    for (const [start, span] of distinct) {
      for (let at = Math.max(0, first - start); at < Math.min(span, first + length - start); at++) visit(start, span, at);
    }
  };
  each((start, span, at) => (total[start + at - first] = total[start + at - first]! + weight(at, span)));
  const found = new Map([...distinct].map(([start, span]) => [start, new Float64Array(span)]));
  each((start, span, at) => (found.get(start)![at] = weight(at, span) / total[start + at - first]!));
  return found;
}

function largest(values: readonly Float32Array[]): Float32Array {
  return values[0]!.map((_, i) => Math.max(...values.map((value) => value[i]!)));
}
