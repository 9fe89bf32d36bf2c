import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFingerprint } from '../../../../server/data/demo/fingerprint.ts';
import { generateDemo, type DemoSummary } from '../../../../server/data/demo/generate.ts';
import { readManifest } from '../../../../server/data/demo/manifest.ts';
import { imagePath, maskPath, planCategory } from '../../../../server/data/demo/plan.ts';
import { DEMO_SHA256 } from '../../../../server/data/demo/version.ts';

let home: string;
let out: string;
let summary: DemoSummary;
const progress: string[] = [];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'stillroom-demo-'));
  out = join(home, 'datasets', 'demo');
  // A process that was killed while it made the same set; no process has this id.
  await mkdir(join(home, 'datasets', '.demo.making-4194999-abc'), { recursive: true });
  summary = await generateDemo(out, {
    categories: ['wood'],
    onProgress: ({ category, done, total }) => progress.push(`${category} ${done}/${total}`),
  });
});

afterAll(() => rm(home, { recursive: true, force: true }));

const raw = (file: string): Promise<Buffer> => sharp(file).raw().toBuffer();
const rawMask = (file: string): Promise<Buffer> => sharp(file).extractChannel(0).raw().toBuffer();

describe('the demo set on disk', () => {
  it('lies as MVTec AD does, with masks only of the defective images', async () => {
    const names = (path: string): Promise<string[]> => readdir(join(out, 'wood', path)).then((found) => found.sort());
    expect(await names('.')).toEqual(['ground_truth', 'test', 'train']);
    expect(await names('train')).toEqual(['good']);
    expect(await names('test')).toEqual(['colour-shift', 'good', 'hole', 'scratch', 'stain']);
    expect(await names('ground_truth')).toEqual(['colour-shift', 'hole', 'scratch', 'stain']);
    expect(await names('train/good')).toHaveLength(48);
    expect(await names('test/good')).toHaveLength(16);
    expect(await names('test/hole')).toEqual(['000', '001', '002', '003', '004', '005'].map((n) => `${n}.png`));
    expect(await names('ground_truth/hole')).toEqual(['000', '001', '002', '003', '004', '005'].map((n) => `${n}_mask.png`));
  });

  it('is 256×256 RGB, its masks one channel of 0 and 255', async () => {
    const image = await sharp(join(out, 'wood/test/hole/000.png')).metadata();
    const mask = await sharp(join(out, 'wood/ground_truth/hole/000_mask.png')).metadata();
    expect([image.width, image.height, image.channels, mask.width, mask.channels]).toEqual([256, 256, 3, 256, 1]);
    expect(new Set(await rawMask(join(out, 'wood/ground_truth/hole/000_mask.png')))).toEqual(new Set([0, 255]));
  });

  it('decodes to the published pixels', async () => {
    const fingerprint = createFingerprint();
    for (const plan of planCategory('wood')) {
      const image = await raw(join(out, 'wood', imagePath(plan)));
      fingerprint.add(plan, image, plan.defect ? await rawMask(join(out, 'wood', maskPath(plan))) : undefined);
    }
    expect(fingerprint.digest()).toBe(DEMO_SHA256.wood);
    expect(summary.categories).toEqual([
      { name: 'wood', training: 48, good: 16, defective: 24, sha256: DEMO_SHA256.wood, asPublished: true },
    ]);
  });

  it('says that it is generated, and records difficulty and size of each defect', async () => {
    const manifest = (await readManifest(out))!;
    expect([manifest.label, manifest.version, manifest.seed]).toEqual(['generated', 1, 1]);
    const hole = manifest.categories['wood']!.images.find(({ image }) => image === 'test/hole/002.png')!;
    expect(hole).toMatchObject({ mask: 'ground_truth/hole/002_mask.png', defect: 'hole', difficulty: 3 });
    const mask = await rawMask(join(out, 'wood', hole.mask!));
    expect(hole.alteredPixels).toBe(mask.filter((value) => value === 255).length);
    expect(hole.parameters).toMatchObject({ kind: 'pit' });
  });

  it('reported each image, and left nothing beside the set, not even what a killed process had left', async () => {
    expect(progress).toHaveLength(88);
    expect(progress.at(-1)).toBe('wood 88/88');
    expect(await readdir(join(home, 'datasets'))).toEqual(['demo']);
  });
});

describe('making it again', () => {
  it('keeps a whole set, and reads from it what was made', async () => {
    const before = await stat(join(out, 'demo.json'));
    const again = await generateDemo(out, { categories: ['wood'] });
    expect(again).toEqual({ ...summary, reused: true });
    expect((await stat(join(out, 'demo.json'))).mtimeMs).toBe(before.mtimeMs);
  });

  it('refuses a folder of another seed or without a wanted category', async () => {
    await expect(generateDemo(out, { seed: 5, categories: ['wood'] })).rejects.toMatchObject({
      code: 'demo-folder-taken',
      message: 'expected an empty folder or this demo set, found one of seed 1, not 5',
    });
    await expect(generateDemo(out)).rejects.toThrow('found one without textile, leather, tile, grid');
  });

  it('refuses a folder of other files and leaves them', async () => {
    const other = join(home, 'photos');
    await mkdir(other);
    await writeFile(join(other, 'mine.txt'), 'mine');
    await expect(generateDemo(other)).rejects.toMatchObject({ code: 'demo-folder-taken', place: { file: other } });
    expect(await readFile(join(other, 'mine.txt'), 'utf8')).toBe('mine');
  });

  it('refuses a category or a seed that there cannot be', async () => {
    await expect(generateDemo(join(home, 'x'), { categories: ['silk'] })).rejects.toMatchObject({
      code: 'unknown-demo-category',
      hint: 'choose from textile, leather, wood, tile, grid',
    });
    await expect(generateDemo(join(home, 'x'), { seed: 0.5 })).rejects.toMatchObject({ code: 'bad-demo-seed' });
  });

  it('makes a set anew of which an image is gone', async () => {
    await rm(join(out, 'wood/test/good/003.png'));
    const mended = await generateDemo(out, { categories: ['wood'] });
    expect(mended).toEqual(summary);
    expect((await stat(join(out, 'wood/test/good/003.png'))).size).toBeGreaterThan(0);
  });
});
