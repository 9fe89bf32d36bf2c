import { createHash } from 'node:crypto';
import { imagePath, maskPath, type SamplePlan } from './plan.ts';

export interface Fingerprint {
  add(plan: SamplePlan, image: Uint8Array, mask?: Uint8Array): void;
  /** SHA-256 of all that was added, in hexadecimal. */
  digest(): string;
}

/**
 * Identity of a set of images by what a decoder gives, whatever wrote their files: for each image in the order of
 * `planCategory` its path, its RGB bytes and, where it is defective, the mask's path and bytes (0 or 255).
 */
export function createFingerprint(): Fingerprint {
  const hash = createHash('sha256');
  return {
    add(plan, image, mask) {
      hash.update(`${imagePath(plan)}\n`).update(image);
      if (mask) hash.update(`${maskPath(plan)}\n`).update(mask);
    },
    digest: () => hash.digest('hex'),
  };
}
