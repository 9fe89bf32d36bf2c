import { isImageName } from '../../plugins/sdk/layout.ts';

const ending = /\.map\.(?:png|npy)$/;

/** What the map of an image is called: never the name of an image, should the folder be that of the images. */
export function mapName(image: string, extension: 'png' | 'npy'): string {
  return `${image}.map.${extension}`;
}

/** Whether a file is called as the map of an image: `a.png.map.png` is, `a.map.png` is not. */
export function isMapName(name: string): boolean {
  return ending.test(name) && isImageName(name.replace(ending, ''));
}
