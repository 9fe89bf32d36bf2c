import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { StillroomError } from '../../plugins/sdk/index.ts';
import type { Plan } from '../compiler/plan.ts';
import type { GraphDocument } from '../graph/document.ts';
import { migrateGraph } from '../graph/migrate.ts';
import { parseGraph } from '../graph/parse.ts';
import type { Registry } from '../graph/registry.ts';
import type { RunFolder } from '../runs/run-folder.ts';
import { hintOfSeeds } from '../runs/seed-folders.ts';
import { weightName } from '../runtime/assemble.ts';
import type { WeightValues } from '../runtime/weight-values.ts';
import { readSafetensorsContent } from '../weights/safetensors.ts';

/** What of a manifest decides how a run is read. */
const manifestSchema = z.looseObject({
  status: z.enum(['running', 'done', 'failed', 'cancelled']),
  identity: z.string(),
  problem: z.looseObject({ message: z.string() }).nullable(),
  graph: z.looseObject({ name: z.string() }),
  overrides: z.looseObject({ weights: z.record(z.string(), z.string()) }),
  data: z.looseObject({ categories: z.record(z.string(), z.unknown()) }),
  weights: z.array(
    z.looseObject({ node: z.string(), architecture: z.string(), name: z.string(), sha256: z.string(), caution: z.string().nullable() }),
  ),
});
export type RunManifest = z.infer<typeof manifestSchema>;

/** Throws `no-run`, `run-folder-corrupt`. */
export async function readManifest(folder: RunFolder): Promise<RunManifest> {
  const file = folder.file('manifest.json');
  if (!existsSync(file)) {
    throw new StillroomError('no-run', `expected a run folder, found ${existsSync(folder.path) ? 'no manifest.json in it' : 'nothing there'}`, {
      file: folder.path,
      hint: hintOfSeeds(folder.path) ?? 'name the folder that `stillroom run` wrote (--out)',
    });
  }
  return readFile(file, 'utf8')
    .then((text) => manifestSchema.parse(JSON.parse(text)))
    .catch((cause: unknown) => {
      throw corrupt(file, 'the manifest of a run', 'something else', cause);
    });
}

/** Throws `run-unfinished`. */
export function mustBeDone({ status, problem }: RunManifest, folder: RunFolder): void {
  if (status === 'done') return;
  const found = {
    running: 'one that is still at work, or was killed',
    failed: `one that failed: ${problem?.message ?? 'nobody knows why'}`,
    cancelled: 'one that was interrupted',
  }[status];
  throw new StillroomError('run-unfinished', `expected a finished run, found ${found}`, {
    file: folder.path,
    hint: 'end it first: the same `stillroom run` command on the same folder goes on where it stopped',
  });
}

/** The category that is meant. Throws `which-category`, `unknown-category`. */
export function chosenCategory({ data }: RunManifest, path: string, asked: string | undefined): string {
  const categories = Object.keys(data.categories);
  const [only, ...others] = categories;
  const names = categories.join(', ') || 'none';
  if (asked === undefined && only !== undefined && others.length === 0) return only;
  if (asked === undefined) {
    throw new StillroomError('which-category', `expected to be told which category the images are of, found ${categories.length} in the run`, {
      file: path,
      hint: `add --category with one of ${names}`,
    });
  }
  if (categories.includes(asked)) return asked;
  throw new StillroomError('unknown-category', `expected a category of the run, found "${asked}"`, { file: path, hint: `it has ${names}` });
}

/** The graph as run, brought to this version. Throws `run-folder-corrupt`. */
export async function readDocument(folder: RunFolder, registry: Registry): Promise<GraphDocument> {
  const file = folder.file('graph.json');
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw corrupt(file, 'the graph of a run', 'none that can be read', cause);
  });
  const { document, problems } = parseGraph(text);
  if (!document) throw corrupt(file, 'the graph of a run', problems[0]?.message ?? 'something else');
  return migrateGraph(document, registry).document;
}

/** Everything that was fitted and calibrated, as the graph declares it. Throws `run-folder-corrupt`. */
export async function readFitted(file: string, plan: Plan, identity: string): Promise<WeightValues> {
  const { tensors, metadata } = await readSafetensorsContent(file).catch((cause: unknown) => {
    throw corrupt(file, 'what was fitted', cause instanceof Error ? cause.message : String(cause), cause);
  });
  if (metadata['identity'] !== identity) throw corrupt(file, 'what was fitted in this run', 'that of another one');
  const weights: WeightValues = {};
  for (const node of plan.nodes.values()) {
    if (node.definition.pretrained) continue;
    for (const { name, shape } of node.weights) {
      const full = weightName(node.id, name);
      const found = tensors.get(full);
      if (found?.shape.join() !== shape.join()) {
        throw corrupt(file, `"${full}" of [${shape.join(', ')}]`, found ? `[${found.shape.join(', ')}]` : 'none');
      }
      weights[full] = found;
    }
  }
  return weights;
}

function corrupt(file: string, expected: string, found: string, cause?: unknown): StillroomError {
  return new StillroomError('run-folder-corrupt', `expected ${expected}, found ${found}`, {
    file,
    hint: 'run the same `stillroom run` command on that folder again, or on a new one',
    ...(cause === undefined ? {} : { cause }),
  });
}
