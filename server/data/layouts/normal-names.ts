import { type Folder, imagesIn } from '../../../plugins/sdk/layout.ts';

/** What people call a folder of images without defects. */
export const normalNames = new Set(['good', 'ok', 'normal', 'pass', 'defect-free', 'defect_free', 'no-defect', 'no_defect']);

export function isNormalName(name: string): boolean {
  return normalNames.has(name.toLowerCase());
}

/** The folder of normal images within another. */
export function normalChild(folder: Folder | undefined): Folder | undefined {
  return folder?.folders.find(({ name }) => isNormalName(name));
}

/** Images of a folder that holds normal ones, directly or in `good`. */
export function normalImages(folder: Folder | undefined): string[] {
  return [...imagesIn(folder), ...imagesIn(normalChild(folder))];
}

/** The folder at a path below another. */
export function folderAt(folder: Folder, path: string): Folder | undefined {
  let at: Folder | undefined = folder;
  for (const name of path.split('/').filter(Boolean)) at = at?.folders.find((f) => f.name === name);
  return at === folder ? undefined : at;
}

/** Validation images of a category that keeps some: an object to be spread. */
export function ownValidation(folder: Folder, validationFolder: string): { validation?: string[] } {
  const images = normalImages(folderAt(folder, validationFolder));
  return images.length ? { validation: images } : {};
}
