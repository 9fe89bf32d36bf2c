/** Numbers the connected regions of a mask `[height, width]`, row-major, from 1 on; places that touch by a corner belong together. */
export function labelRegions(mask: Uint8Array, height: number, width: number): { labels: Int32Array; sizes: number[] } {
  const labels = new Int32Array(mask.length);
  const sizes: number[] = [];
  for (let start = 0; start < mask.length; start++) {
    if (mask[start] === 0 || labels[start] !== 0) continue;
    const label = sizes.push(0);
    const waiting = [start];
    labels[start] = label;
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      sizes[label - 1]!++;
      for (const next of around(at, height, width)) {
        if (mask[next] === 0 || labels[next] !== 0) continue;
        labels[next] = label;
        waiting.push(next);
      }
    }
  }
  return { labels, sizes };
}

function* around(at: number, height: number, width: number): Generator<number> {
  const [row, column] = [Math.floor(at / width), at % width];
  for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++) {
    for (let x = Math.max(0, column - 1); x <= Math.min(width - 1, column + 1); x++) yield y * width + x;
  }
}
