import { clamp } from './exact-math.ts';

export type Colour = readonly [red: number, green: number, blue: number];

/** An image in the making: interleaved RGB, 0–1 in display values, row by row. */
export interface Picture {
  width: number;
  height: number;
  data: Float32Array;
}

/** An image as a file holds it: interleaved RGB, 0–255. */
export interface Pixels {
  width: number;
  height: number;
  data: Uint8Array;
}

export function emptyPicture(width: number, height: number): Picture {
  return { width, height, data: new Float32Array(width * height * 3) };
}

export function copyPicture({ width, height, data }: Picture): Picture {
  return { width, height, data: data.slice() };
}

/** Lays a colour over a pixel; `cover` 0–1. */
export function blend(picture: Picture, pixel: number, colour: Colour, cover: number): void {
  for (let channel = 0; channel < 3; channel++) {
    const at = pixel * 3 + channel;
    picture.data[at] = picture.data[at]! * (1 - cover) + colour[channel]! * cover;
  }
}

/** Multiplies a pixel, as light that is missing or dye that absorbs does. */
export function multiply(picture: Picture, pixel: number, red: number, green = red, blue = red): void {
  picture.data[pixel * 3]! *= red;
  picture.data[pixel * 3 + 1]! *= green;
  picture.data[pixel * 3 + 2]! *= blue;
}

export function scaled(colour: Colour, factor: number): Colour {
  return [clamp(colour[0] * factor), clamp(colour[1] * factor), clamp(colour[2] * factor)];
}

export function mixed(a: Colour, b: Colour, share: number): Colour {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
}

export function meanColour({ data }: Picture): Colour {
  const sum = [0, 0, 0];
  for (let i = 0; i < data.length; i++) sum[i % 3]! += data[i]!;
  const pixels = data.length / 3;
  return [sum[0]! / pixels, sum[1]! / pixels, sum[2]! / pixels];
}
