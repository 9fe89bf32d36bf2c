/**
 * Maps of a number to a colour, in 17 even steps, between which colours are mixed; nowhere more than 7 of 255 from the
 * published tables. Inferno, viridis and magma, by Smith and van der Walt, are even to the eye: as far apart as two
 * values are, so far apart they look, in grey too. Turbo, by Mikhailov, tells more values apart, and has edges that
 * are not in the values.
 */
const tables = {
  inferno: '000004 0b0724 210c4a 3d0965 57106e 70196e 89226a a32c61 bb3755 d14545 e35932 f1721e f98d0a fcaa0f f9c932 f2e865 fcffa4',
  viridis: '440154 48186a 472d7b 424086 3b528b 33638d 2c728e 26828e 21918d 1f9f88 27ad81 3ebc74 5dc863 82d34d aadc32 d5e21a fde725',
  magma: '000004 0a0822 1d1147 36106b 51127c 691c81 822681 9c2e7f b6377a cf4070 e65164 f46a5c fb8861 fea571 fec287 fde0a1 fcfdbf',
  turbo: '30123b 4040a1 466be3 4293ff 29bbec 18dcc3 31f299 6bfd64 a3fd3c cced34 edd03a fdae35 fb8022 ec520f d23105 ac1701 7a0403',
  grey: '000000 ffffff',
} as const;

export type ColourMap = keyof typeof tables;
export const colourMaps = Object.keys(tables) as [ColourMap, ...ColourMap[]];

/** Colours from the least value to the greatest, at even distances, as `#rrggbb`. */
export const coloursOf = (map: ColourMap): string[] => tables[map].split(' ').map((colour) => `#${colour}`);

/** RGB, 0–255, of places 0–1 at even distances. */
export function paletteOf(map: ColourMap, size = 256): number[][] {
  const stops = coloursOf(map).map((colour) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)));
  return Array.from({ length: size }, (_, level) => {
    const at = (level / (size - 1)) * (stops.length - 1);
    const i = Math.min(stops.length - 2, Math.floor(at));
    return [0, 1, 2].map((c) => stops[i]![c]! + (at - i) * (stops[i + 1]![c]! - stops[i]![c]!));
  });
}
