import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pLimit from 'p-limit';
import sharp from 'sharp';
import { createFingerprint } from './fingerprint.ts';
import type { DemoImage, DemoManifest } from './manifest.ts';
import type { Pixels } from './picture.ts';
import { imagePath, maskPath, planCategory, type SamplePlan } from './plan.ts';
import { makeSample, type Sample } from './sample.ts';
import type { Category } from './surfaces/index.ts';

/** Images that may wait to be written while the next is drawn. */
const WAITING = 8;

/** Makes one category and writes its images and masks below `folder`; `onImage` is called after each. */
export async function writeCategory(
  folder: string,
  category: Category,
  seed: number,
  onImage: () => void,
): Promise<DemoManifest['categories'][string]> {
  const plans = planCategory(category);
  const folders = new Set(plans.flatMap((plan) => [imagePath(plan), ...(plan.defect ? [maskPath(plan)] : [])].map(dirname)));
  for (const path of folders) await mkdir(join(folder, path), { recursive: true });

  const fingerprint = createFingerprint();
  const images: DemoImage[] = [];
  const limit = pLimit(WAITING);
  let written: Promise<void>[] = [];
  for (const plan of plans) {
    const sample = makeSample(plan, seed);
    fingerprint.add(plan, sample.image.data, sample.mask);
    images.push(describe(plan, sample));
    written.push(limit(() => write(folder, plan, sample)));
    onImage();
    if (written.length >= WAITING) {
      await Promise.all(written);
      written = [];
    }
    // Drawing holds the thread: let progress be shown and files be written in between.
    await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(written);
  return { sha256: fingerprint.digest(), images };
}

async function write(folder: string, plan: SamplePlan, { image, mask }: Sample): Promise<void> {
  await writePng(join(folder, imagePath(plan)), image, 3);
  if (mask) await writePng(join(folder, maskPath(plan)), { ...image, data: mask }, 1);
}

async function writePng(file: string, { width, height, data }: Pixels, channels: 1 | 3): Promise<void> {
  const picture = sharp(data, { raw: { width, height, channels } });
  await (channels === 1 ? picture.toColourspace('b-w') : picture).png({ compressionLevel: 6 }).toFile(file);
}

function describe(plan: SamplePlan, { mask, parameters }: Sample): DemoImage {
  if (!plan.defect || !mask) return { image: imagePath(plan) };
  return {
    image: imagePath(plan),
    mask: maskPath(plan),
    defect: plan.defect.name,
    difficulty: plan.defect.difficulty,
    alteredPixels: mask.reduce((count, value) => count + (value ? 1 : 0), 0),
    parameters: Object.fromEntries(Object.entries(parameters ?? {}).map(([name, value]) => [name, rounded(value)])),
  };
}

function rounded(value: number | string): number | string {
  return typeof value === 'number' ? Math.round(value * 1000) / 1000 : value;
}
