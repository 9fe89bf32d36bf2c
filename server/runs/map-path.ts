/**
 * Where the picture of an image's map lies in `maps` of its category, as the image lies in the category:
 * `grid/test/hole/000.jpg` → `test/hole/000.jpg.png`, `000.png` → `000.png`. No two images share one: a name that
 * could be that of another image's map (`000.jpg.png`) gets an ending of its own.
 */
export function mapPath(image: string, category: string): string {
  const inside = image.startsWith(`${category}/`) ? image.slice(category.length + 1) : image;
  return inside.endsWith('.png') && !twoEndings.test(inside) ? inside : `${inside}.png`;
}

const twoEndings = /\.(png|jpe?g|bmp|tiff?|webp)\.png$/i;
