import { z } from 'zod';
import type { PictureShelf } from '../interactive/picture-shelf.ts';
import type { Picture } from '../interactive/rendering.ts';

/** A picture that was made for one answer, and is fetched soon after. */
export const pictureSchema = z.object({
  url: z.string().describe('Where it can be fetched, for some minutes.'),
  media: z.string(),
  size: z.object({ height: z.int(), width: z.int() }).optional().describe('Of a PNG, px.'),
});
export const rangeSchema = z.object({ low: z.number(), high: z.number() }).describe('The values of the darkest and the lightest colour.');

export function placedPicture(made: Picture, shelf: PictureShelf): z.input<typeof pictureSchema> {
  const { media, size } = made;
  return { url: `/api/preview/pictures/${shelf.put(made)}`, media, ...(size ? { size } : {}) };
}
