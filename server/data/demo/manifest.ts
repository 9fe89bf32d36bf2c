import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** Name of the record at the root of a demo set. */
export const MANIFEST = 'demo.json';

const image = z.object({
  /** Path below the category's folder. */
  image: z.string(),
  mask: z.string().optional(),
  defect: z.string().optional(),
  /** 1 seen at a glance, 2 seen when looked for, 3 barely seen. */
  difficulty: z.number().optional(),
  /** Pixels of the mask. */
  alteredPixels: z.number().optional(),
  /** What was drawn for the defect: px, turns, shares 0–1. */
  parameters: z.record(z.string(), z.union([z.number(), z.string()])).optional(),
});

const manifest = z.object({
  label: z.literal('generated'),
  about: z.string(),
  generator: z.literal('stillroom demo'),
  version: z.number(),
  seed: z.number(),
  /** Change of a channel, in levels of 255, from which on a pixel is part of the mask. */
  alteredFrom: z.number(),
  /** SHA-256 over the decoded pixels and masks of each category, and its images in the order they were made. */
  categories: z.record(z.string(), z.object({ sha256: z.string(), images: z.array(image) })),
});

export type DemoManifest = z.infer<typeof manifest>;
export type DemoImage = z.infer<typeof image>;

/** The record of a demo set; undefined where the folder holds none that can be read. */
export async function readManifest(folder: string): Promise<DemoManifest | undefined> {
  try {
    return manifest.parse(JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Whether every image and mask that the record names is there. */
export async function isComplete(folder: string, { categories }: DemoManifest): Promise<boolean> {
  const files = Object.entries(categories).flatMap(([category, { images }]) =>
    images.flatMap(({ image: path, mask }) => [path, ...(mask ? [mask] : [])].map((p) => join(folder, category, p))),
  );
  const found = await Promise.all(files.map((file) => stat(file).then((s) => s.isFile() && s.size > 0, () => false)));
  return found.every(Boolean);
}
