import { z } from 'zod';
import { foldersIn, type CategoryFiles, type Folder } from '../../../plugins/sdk/index.ts';
import { explain } from '../../graph/explain.ts';

const path = z.string().min(1);
const problem = z.object({ code: z.string(), severity: z.enum(['error', 'warning']), message: z.string(), hint: z.string().optional(), file: z.string().optional() });
const note = z.object({ code: z.string(), message: z.string(), hint: z.string().optional(), file: z.string().optional(), used: z.array(z.string()).readonly().optional() });
const testFile = z.object({ path, defect: z.string().min(1), masks: z.array(path), byMask: z.literal(true).optional(), optional: z.literal(true).optional() });
const categories = z.array(
  z.object({
    name: z.string().min(1),
    folder: z.string(),
    train: z.array(path),
    validation: z.array(path).optional(),
    test: z.array(testFile),
    masksOfTrain: z.map(z.string(), z.string()).optional(),
    orphanMasks: z.array(path),
    normalFolder: z.string(),
    notes: z.array(note),
    faults: z.array(problem).optional(),
  }),
);

/** What a layout gave, held to the contract; every file that it names is one of the folder. Throws an `Error` that says what is wrong. */
export function mustBeCategories(given: unknown, folder: Folder): CategoryFiles[] {
  const { data, error } = categories.safeParse(given);
  if (!data) {
    const [first] = explain(error, given);
    throw new Error(`${first!.message}${first!.path.length ? ` at ${['categories', ...first!.path].join(' › ')}` : ''}`);
  }
  const here = new Set(foldersIn(folder).flatMap((one) => one.files.map((name) => one.path + name)));
  for (const { name, train, validation = [], test, masksOfTrain, orphanMasks } of data) {
    const named = [...train, ...validation, ...test.flatMap((file) => [file.path, ...file.masks]), ...(masksOfTrain?.values() ?? []), ...orphanMasks];
    const gone = named.find((file) => !here.has(file));
    if (gone !== undefined) throw new Error(`expected files of the dataset, found in the category "${name}" ${JSON.stringify(gone.slice(0, 200))}, which is none`);
  }
  const twice = data.map(({ name }) => name).find((name, i, all) => all.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`expected each category once, found "${twice}" twice`);
  return data as CategoryFiles[];
}
