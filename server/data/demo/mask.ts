/** From this change on, in levels of 255 in any channel and before the sensor's noise, a pixel counts as altered. */
export const ALTERED_FROM = 5;

/** Altered pixels no further apart than about twice this belong together, px: threads must not chop a defect to bits. */
const CLOSING_RADIUS = 3;

/** Groups of fewer altered pixels than this, after closing, are left sound. */
const SMALLEST_GROUP = 16;

/**
 * Where two exposures of one surface differ: every altered pixel and the gaps between them, without lone specks.
 * Row by row, 255 = defect, 0 = sound.
 */
export function alteredMask(sound: Float32Array, altered: Float32Array, width: number, height: number): Uint8Array {
  const mask = new Uint8Array(width * height);
  for (let pixel = 0; pixel < mask.length; pixel++) {
    let change = 0;
    for (let i = pixel * 3; i < pixel * 3 + 3; i++) change = Math.max(change, Math.abs(altered[i]! - sound[i]!));
    if (change >= ALTERED_FROM) mask[pixel] = 255;
  }
  return withoutSpecks(closed(mask, width, height), width, height);
}

/** Morphological closing with a disc; beyond the border counts as background for dilation, as foreground for erosion. */
function closed(mask: Uint8Array, width: number, height: number): Uint8Array {
  return stamped(stamped(mask, width, height, 255), width, height, 0);
}

/** Every pixel within the disc around a pixel of `value` takes that value. */
function stamped(mask: Uint8Array, width: number, height: number, value: number): Uint8Array {
  const out = mask.slice();
  const r = CLOSING_RADIUS;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (mask[y * width + x] !== value || !touchesOther(mask, width, height, x, y)) continue;
      for (let dy = -r; dy <= r; dy++) {
        for (let dx = -r; dx <= r; dx++) {
          const inside = y + dy >= 0 && y + dy < height && x + dx >= 0 && x + dx < width;
          if (inside && dx * dx + dy * dy <= r * r + 1) out[(y + dy) * width + x + dx] = value;
        }
      }
    }
  }
  return out;
}

function touchesOther(mask: Uint8Array, width: number, height: number, x: number, y: number): boolean {
  const at = y * width + x;
  const own = mask[at];
  return (
    (x > 0 && mask[at - 1] !== own) ||
    (x < width - 1 && mask[at + 1] !== own) ||
    (y > 0 && mask[at - width] !== own) ||
    (y < height - 1 && mask[at + width] !== own)
  );
}

function withoutSpecks(mask: Uint8Array, width: number, height: number): Uint8Array {
  const out = mask.slice();
  const seen = new Uint8Array(mask.length);
  for (let start = 0; start < mask.length; start++) {
    if (mask[start] === 0 || seen[start]) continue;
    const group = groupAt(start, mask, seen, width, height);
    if (group.length < SMALLEST_GROUP) for (const pixel of group) out[pixel] = 0;
  }
  return out;
}

/** The 8-connected group of a pixel. */
function groupAt(start: number, mask: Uint8Array, seen: Uint8Array, width: number, height: number): number[] {
  const group = [start];
  seen[start] = 1;
  for (let next = 0; next < group.length; next++) {
    const x = group[next]! % width;
    const y = (group[next]! - x) / width;
    for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
      for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
        const at = ny * width + nx;
        if (mask[at] === 0 || seen[at]) continue;
        seen[at] = 1;
        group.push(at);
      }
    }
  }
  return group;
}
