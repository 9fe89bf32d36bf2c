import { boundsOf, type Box, type Point } from '../../canvas/geometry.ts';

export type Alignment = 'left' | 'centre' | 'right' | 'top' | 'middle' | 'bottom';
export type Axis = 'x' | 'y';

type Boxes = Readonly<Record<string, Box>>;
type Places = Record<string, Point>;

/** Boxes with one side, or their middles, on one line: that of them all together. */
export function align(boxes: Boxes, how: Alignment): Places {
  const bounds = boundsOf(Object.values(boxes));
  if (!bounds) return {};
  return places(boxes, ({ x, y, width, height }) => {
    switch (how) {
      case 'left':
        return { x: bounds.x, y };
      case 'centre':
        return { x: bounds.x + (bounds.width - width) / 2, y };
      case 'right':
        return { x: bounds.x + bounds.width - width, y };
      case 'top':
        return { x, y: bounds.y };
      case 'middle':
        return { x, y: bounds.y + (bounds.height - height) / 2 };
      case 'bottom':
        return { x, y: bounds.y + bounds.height - height };
    }
  });
}

/** Boxes with equal gaps between them, in the order in which they lie; the outermost stay. Fewer than three stay as they are. */
export function distribute(boxes: Boxes, axis: Axis): Places {
  const size = axis === 'x' ? 'width' : 'height';
  const sorted = Object.entries(boxes).sort(([, a], [, b]) => a[axis] - b[axis]);
  const bounds = boundsOf(Object.values(boxes));
  if (!bounds || sorted.length < 3) return places(boxes, ({ x, y }) => ({ x, y }));
  const gap = (bounds[size] - sorted.reduce((sum, [, box]) => sum + box[size], 0)) / (sorted.length - 1);
  const result: Places = {};
  let next = bounds[axis];
  for (const [id, box] of sorted) {
    result[id] = rounded({ x: box.x, y: box.y, [axis]: next });
    next += box[size] + gap;
  }
  return result;
}

function places(boxes: Boxes, of: (box: Box) => Point): Places {
  return Object.fromEntries(Object.entries(boxes).map(([id, box]) => [id, rounded(of(box))]));
}

const rounded = ({ x, y }: Point): Point => ({ x: Math.round(x), y: Math.round(y) });
