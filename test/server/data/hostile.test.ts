import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatProblem, type Problem, type StillroomError } from '../../../plugins/sdk/problem.ts';
import { readDataset, type OnProblem } from '../../../server/data/read-dataset.ts';
import { borneImages, oddImages, unusableImages, type HostileImage } from '../../fixtures/hostile/make-images.ts';
import { hostileFolders, inOrder, type HostileFolder, type Said } from '../../fixtures/hostile/make-folders.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { writeFolder } from './pictures.ts';

const home = temporaryFolder();
let folders = 0;

/** What comes of a folder: the paths of its training images, and what is said of it; or what it is refused for. */
async function outcome({ files, at = '' }: Pick<HostileFolder, 'files' | 'at'>, onProblem: OnProblem) {
  const root = join(home, String(folders++), 'set');
  mkdirSync(root, { recursive: true });
  await writeFolder(root, files);
  const within = ({ file, ...problem }: Problem): Problem => ({ ...problem, file: file?.slice(root.length + 1) ?? '' });
  return readDataset(join(root, at), { onProblem }).then(
    ({ categories, problems }) => ({ train: categories.flatMap(({ train }) => train.map(({ path }) => path)), said: problems.map(within), refused: false }),
    (error: StillroomError) => ({ train: [], said: error.problems.map(within), refused: true }),
  );
}

const saying = ([code, file, contains]: Said, severity: Problem['severity']) => ({
  code,
  severity,
  file,
  message: expect.stringContaining(contains) as string,
});

const beside = async ({ file, bytes }: Pick<HostileImage, 'file' | 'bytes'>) => ({ files: { ...inOrder, [`train/good/${file}`]: await bytes() } });

describe('a file that cannot be used is refused by name, or left out with a warning:', () => {
  it.each(unusableImages)('$name', async (image) => {
    const said: Said = [image.expectedCode, `train/good/${image.file}`, image.contains];
    const before = process.memoryUsage().rss;
    const refusal = await outcome(await beside(image), 'refuse');
    expect(refusal).toMatchObject({ refused: true, said: [saying(said, 'error')] });
    expect(refusal.said[0]!.hint).toBeTruthy();
    const skipped = await outcome(await beside(image), 'skip');
    expect(skipped).toMatchObject({ refused: false, said: [saying(said, 'warning')], train: ['train/good/000.png', 'train/good/001.png'] });
    expect(skipped.said[0]!.hint).toBe(`left out; ${refusal.said[0]!.hint}`);
    // Whatever they claim; what the largest that may be would take is 400 MB for one copy of its pixels.
    expect(process.memoryUsage().rss - before).toBeLessThan(500 * 2 ** 20);
  });
});

describe('a file that is not as its name says is read, with a warning:', () => {
  it.each(borneImages)('$name', async (image) => {
    for (const onProblem of ['refuse', 'skip'] as const) {
      const { refused, said, train } = await outcome(await beside(image), onProblem);
      expect([refused, said]).toEqual([false, [expect.objectContaining(saying([image.expectedCode, `train/good/${image.file}`, image.contains], 'warning'))]]);
      expect(train).toContain(`train/good/${image.file}`);
    }
  });
});

describe('a file that is odd and does no harm is read:', () => {
  it.each(oddImages)('$name', async (image) => {
    const { said, train } = await outcome(await beside(image), 'refuse');
    expect(said).toEqual([]);
    expect(train).toContain(`train/good/${image.file}`);
  });
});

describe.each(hostileFolders)('$name', (folder) => {
  const { refused, fault, skipped = refused, warnings = [] } = folder;
  const borne = warnings.map((said) => expect.objectContaining(saying(said, 'warning')) as unknown);

  it(`with refuse: ${refused || fault ? 'is refused' : 'is read'}`, async () => {
    const found = await outcome(folder, 'refuse');
    const said = refused ?? fault;
    expect(found.refused).toBe(said !== undefined);
    if (said) expect(found.said[0]).toMatchObject(saying(said, 'error'));
    else {
      expect(found.said).toEqual(borne);
      const images = Object.keys(folder.files).filter((path) => /^train\/good\/[^]+\.png$/.test(path));
      expect(found.train).toEqual(images.sort());
    }
    for (const problem of found.said) expect(formatProblem(problem)).not.toMatch(/\p{Cc}/u);
  });

  it(`with skip: ${skipped ? 'is refused' : fault ? 'is read without what cannot be used' : 'is read'}`, async () => {
    const found = await outcome(folder, 'skip');
    expect(found.refused).toBe(skipped !== undefined);
    if (skipped) expect(found.said).toMatchObject([saying(skipped, 'error')]);
    else expect(found.said).toEqual([...(fault ? [expect.objectContaining(saying(fault, 'warning'))] : []), ...borne]);
  });
});
