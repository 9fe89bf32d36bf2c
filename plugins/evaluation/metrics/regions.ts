/** The connected regions of a mask; places that touch by a side or a corner belong together. */
export interface Regions {
  /** Region of each place, row-major: 0 for none, or 1…count. */
  labels: Int32Array;
  /** Places in each region; that of region 1 comes first. */
  sizes: number[];
}

/** Finds the regions where a mask `[height, width]`, row-major, is not 0. */
export function findRegions(mask: Uint8Array, height: number, width: number): Regions {
  const labels = new Int32Array(mask.length);
  const sizes: number[] = [];
  const stack: number[] = [];
  for (let start = 0; start < mask.length; start++) {
    if (mask[start] === 0 || labels[start] !== 0) continue;
    const label = sizes.push(0);
    labels[start] = label;
    stack.push(start);
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      sizes[label - 1]!++;
      const column = at % width;
      const row = (at - column) / width;
      const [top, bottom] = [Math.max(row - 1, 0), Math.min(row + 1, height - 1)];
      const [left, right] = [Math.max(column - 1, 0), Math.min(column + 1, width - 1)];
      for (let y = top; y <= bottom; y++) {
        for (let x = left; x <= right; x++) {
          const place = y * width + x;
          if (mask[place] === 0 || labels[place] !== 0) continue;
          labels[place] = label;
          stack.push(place);
        }
      }
    }
  }
  return { labels, sizes };
}
