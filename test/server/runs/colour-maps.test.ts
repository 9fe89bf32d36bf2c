import { describe, expect, it } from 'vitest';
import { colourMaps, coloursOf, paletteOf, type ColourMap } from '../../../server/runs/colour-maps.ts';

/** CIE L* of an sRGB colour. */
function lightness(rgb: readonly number[]): number {
  const [r, g, b] = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return y > 216 / 24389 ? 116 * Math.cbrt(y) - 16 : (24389 / 27) * y;
}

const hex = (text: string): number[] => text.match(/../g)!.map((part) => Number.parseInt(part, 16));

describe('a map of colours', () => {
  // Entries 0, 64, 128, 192 and 255 of the tables that their authors published.
  it.each<[ColourMap, string]>([
    ['inferno', '000004 57106e bc3754 f98e09 fcffa4'],
    ['viridis', '440154 3b528b 21918c 5ec962 fde725'],
    ['magma', '000004 51127c b73779 fc8961 fcfdbf'],
    ['turbo', '30123b 28bceb a4fc3c fb7e21 7a0403'],
  ])('%s has the published colours', (map, published) => {
    const palette = paletteOf(map);
    for (const [i, colour] of published.split(' ').entries()) {
      const at = [0, 64, 128, 192, 255][i]!;
      hex(colour).forEach((part, c) => expect(Math.abs(palette[at]![c]! - part), `${at}`).toBeLessThan(2.5));
    }
  });

  it.each<ColourMap>(['inferno', 'viridis', 'magma', 'grey'])('%s grows lighter throughout, about evenly', (map) => {
    const light = paletteOf(map, 52).map(lightness);
    for (const [i, now] of light.slice(1).entries()) expect(now).toBeGreaterThan(light[i]!);
    const [first, last] = [light[0]!, light.at(-1)!];
    for (const [i, now] of light.entries()) expect(Math.abs(now - (first + ((last - first) * i) / 51)), `${i}`).toBeLessThan(6);
  });

  it('is told by the colours that it goes through', () => {
    expect(colourMaps).toEqual(['inferno', 'viridis', 'magma', 'turbo', 'grey']);
    expect(coloursOf('grey')).toEqual(['#000000', '#ffffff']);
    expect(paletteOf('grey', 3)).toEqual([[0, 0, 0], [127.5, 127.5, 127.5], [255, 255, 255]]);
  });
});
