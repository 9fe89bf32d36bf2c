import type { Box, Drawn } from './why-here.svelte.ts';

/** What is shown of an image around a patch, px of the image, and where the patch lies in it, as shares of its sides. */
export interface Surroundings {
  region: { left: number; top: number; width: number; height: number };
  patch: Box;
}

/** A square with as much around a patch as it takes to recognise what it is of; shifted to lie in the image where that has room. */
export function around({ left, top, width, height }: Box, image: Drawn): Surroundings {
  const side = Math.max(1, Math.min(image.width, image.height, Math.max(Math.round(3 * Math.max(width, height)), Math.round(Math.min(image.width, image.height) / 6))));
  const place = (first: number, length: number, whole: number): number => Math.round(Math.min(whole - side, Math.max(0, first + length / 2 - side / 2)));
  const region = { left: place(left, width, image.width), top: place(top, height, image.height), width: side, height: side };
  return { region, patch: { left: (left - region.left) / side, top: (top - region.top) / side, width: width / side, height: height / side } };
}

/** Where a part of an image of a run can be fetched, drawn so many px wide. */
export function pictureOf(run: string, file: string, { region }: Surroundings, size: number): string {
  const query = new URLSearchParams({ file, ...Object.fromEntries(Object.entries(region).map(([name, value]) => [name, String(value)])), size: String(size) });
  return `/api/runs/${encodeURIComponent(run)}/image?${query}`;
}
