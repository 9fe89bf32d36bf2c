import type { LayoutNote, TestFile } from '../../../plugins/sdk/layout.ts';
import { createRandom } from '../../../plugins/sdk/random.ts';

/** Share of the normal images that is kept for the test where a set keeps none itself. */
const usualShare = 0.2;

/** Keeps some normal images for the test: always the same ones, whatever the seed of a run. */
export function holdOut(normal: readonly string[], share = usualShare): { train: string[]; test: TestFile[]; notes: LayoutNote[] } {
  const shuffled = createRandom('held out for the test').shuffle([...normal]);
  const heldOut = new Set(shuffled.slice(0, Math.round(normal.length * share)));
  return {
    train: normal.filter((path) => !heldOut.has(path)),
    test: [...heldOut].map((path) => ({ path, defect: 'good', masks: [] })),
    notes: heldOut.size
      ? [{ code: 'good-images-held-out', message: `${heldOut.size} of ${normal.length} normal images are kept for the test` }]
      : [],
  };
}
