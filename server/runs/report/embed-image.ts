import sharp from 'sharp';

export interface EmbeddedImage {
  uri: string;
  width: number;
  height: number;
}

/** Widths that are tried until a picture keeps to its bytes, px. */
const widths = [720, 480, 320, 200];

/** A picture file as a data URI of at most so many bytes, where its smallest size permits; null where it cannot be read. */
export async function embedImage(file: string, most: number): Promise<EmbeddedImage | null> {
  let smallest: EmbeddedImage | null = null;
  for (const width of widths) {
    try {
      const resized = sharp(file).resize({ width, withoutEnlargement: true });
      const { data, info } = await resized.webp({ quality: 78 }).toBuffer({ resolveWithObject: true });
      smallest = { uri: `data:image/webp;base64,${data.toString('base64')}`, width: info.width, height: info.height };
      if (smallest.uri.length <= most) return smallest;
    } catch {
      return null;
    }
  }
  return smallest;
}
