import { describe, expect, it } from 'vitest';
import { mapPath } from '../../../server/runs/map-path.ts';

describe('the picture of a map', () => {
  it.each([
    ['grid/test/hole/000.png', 'grid', 'test/hole/000.png'],
    ['grid/test/hole/000.jpg', 'grid', 'test/hole/000.jpg.png'],
    ['test/hole/000.PNG', 'grid', 'test/hole/000.PNG.png'],
    ['test/grid/000.tif', 'grid', 'test/grid/000.tif.png'],
    ['v1.2.png', 'grid', 'v1.2.png'],
  ])('of %s in %s is %s', (image, category, path) => {
    expect(mapPath(image, category)).toBe(path);
  });

  it('is never that of another image', () => {
    const images = ['x.png', 'x.jpg', 'x.JPG', 'x.jpeg', 'x.bmp', 'x.webp', 'x.tif', 'x.PNG'];
    const all = [...images, ...images.map((name) => `${name}.png`), ...images.map((name) => `${name}.png.png`)];
    expect(new Set(all.map((name) => mapPath(name, 'grid'))).size).toBe(all.length);
  });
});
