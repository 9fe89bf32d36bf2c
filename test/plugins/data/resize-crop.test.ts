import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { resizeCrop } from '../../../plugins/data/resize-crop.ts';
import { decodeViews } from '../../../server/data/decode.ts';
import { paramsOf } from '../../support/infer-node.ts';
import reference from '../../fixtures/pil/reference.json' with { type: 'json' };

describe('resize and crop by default: 256×256, then the middle 224×224', () => {
  it.each(reference.cropped)('$file decodes to what Pillow gives, in every bit', async ({ file, resize, crop, sha256 }) => {
    const geometry = resizeCrop.geometry!(paramsOf(resizeCrop));
    expect(geometry).toEqual({ mode: 'crop', resize, size: crop });
    const path = fileURLToPath(new URL(`../../fixtures/pil/${file}`, import.meta.url));
    const [image] = await decodeViews(path, geometry);
    expect(image).toHaveLength(224 * 224 * 3);
    expect(createHash('sha256').update(image!).digest('hex')).toBe(sha256);
  });
});
