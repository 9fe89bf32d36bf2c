import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { overlayPng, scaleOf, type OverlaySource, type Scale } from '../../../server/runs/overlay.ts';

const [height, width] = [4, 6];
const grey = (value: number): Uint8Array => new Uint8Array(height * width * 3).fill(value);

/** The pixels of a picture by place: the image is on the left, the map on the right. */
async function draw(source: Partial<OverlaySource>, scale: Scale = { low: 0, high: 1 }) {
  const map = new Float32Array(height * width);
  const png = await overlayPng({ image: grey(102), map, mask: null, size: [height, width], ...source }, scale);
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number): number[] => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)];
  return { info, left: at, right: (x: number, y: number) => at(width + x, y) };
}

describe('the picture of a map', () => {
  it('is a PNG of the image, and the image again under the map', async () => {
    const { info, left, right } = await draw({});
    expect(info).toMatchObject({ width: 2 * width, height, channels: 3 });
    expect([left(5, 3), right(5, 3)]).toEqual([[102, 102, 102], [102, 102, 102]]);
  });

  it('is hot where the map is high: a quarter of the image still shows', async () => {
    const map = new Float32Array(height * width);
    map[2 * width + 1] = 1;
    map[2 * width + 2] = 7;
    const { right } = await draw({ map });
    const hottest = [252, 255, 164].map((c) => Math.round(0.75 * c + 0.25 * 102));
    expect(right(1, 2)).toEqual(hottest);
    expect(right(2, 2)).toEqual(hottest);
    expect(right(3, 2)).toEqual([102, 102, 102]);
  });

  it('has the outline of the mask in white, within it and at the border of the image, and a dark line around it', async () => {
    const mask = new Uint8Array(height * width);
    for (let y = 0; y < 4; y++) for (let x = 0; x < 3; x++) mask[y * width + x] = 1;
    const { left, right } = await draw({ mask });
    for (const [x, y] of [[0, 0], [1, 0], [2, 1], [0, 2], [1, 3]] as const) expect(right(x, y)).toEqual([255, 255, 255]);
    for (const [x, y] of [[3, 1], [3, 3]] as const) expect(right(x, y)).toEqual([24, 24, 24]);
    for (const [x, y] of [[1, 1], [1, 2], [4, 1]] as const) expect(right(x, y)).toEqual([102, 102, 102]);
    expect(left(0, 0)).toEqual([102, 102, 102]);
  });

  it('is dimmed and hatched where nothing was inspected, and has a line between', async () => {
    const map = new Float32Array(height * width);
    for (let y = 0; y < 4; y++) map.fill(NaN, y * width, y * width + 3);
    const { left, right } = await draw({ map });
    const light = (share: number): number[] => Array<number>(3).fill(Math.round(102 * 0.4 * (1 - share) + 255 * share));
    expect([right(1, 0), right(1, 1)]).toEqual([light(0), light(0)]);
    expect(right(0, 0)).toEqual(light(0.3));
    expect([right(2, 0), right(2, 3)]).toEqual([light(0.75), light(0.75)]);
    expect([right(3, 0), left(0, 0)]).toEqual([[102, 102, 102], [102, 102, 102]]);
  });
});

describe('the scale of a category', () => {
  it('goes from the middle of all values to near their top', () => {
    // Every 97th value is looked at: 0, 1, … 200 of them.
    const map = Float32Array.from({ length: 97 * 200 + 1 }, (_, i) => i / 97);
    expect(scaleOf([map])).toEqual({ low: 100, high: 199 });
  });

  it('does not look at what was not inspected', () => {
    const map = new Float32Array(97 * 200 + 1).fill(NaN);
    for (let i = 0; i <= 200; i += 2) map[i * 97] = i;
    expect(scaleOf([map])).toEqual({ low: 100, high: 198 });
  });

  it('has a width where all values are equal, whatever they are, and where there is no map', async () => {
    for (const value of [0, 3, 1e6, -1e30]) {
      const map = new Float32Array(height * width).fill(value);
      const scale = scaleOf([map]);
      expect(scale.low).toBe(map[0]);
      expect(scale.high, String(value)).toBeGreaterThan(scale.low);
      expect((await draw({ map }, scale)).right(0, 0)).toEqual([102, 102, 102]);
    }
    expect(scaleOf([]).high).toBeGreaterThan(scaleOf([]).low);
  });
});
