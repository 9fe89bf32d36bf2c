import { existsSync } from 'node:fs';
import { glob } from 'tinyglobby';
import { compile } from '../compiler/index.ts';
import type { Plan } from '../compiler/plan.ts';
import type { Registry } from '../graph/registry.ts';
import { chosenCategory, readDocument, readFitted, readManifest } from '../predict/read-run.ts';
import { RunFolder } from '../runs/run-folder.ts';
import { weightName } from '../runtime/assemble.ts';
import type { WeightValues } from '../runtime/weight-values.ts';
import { readSafetensorsContent } from '../weights/safetensors.ts';

/** What a run has fitted, whether or not it has come to its end. */
export interface FittedSoFar {
  plan: Plan;
  /** Of a category that is done all that was fitted and calibrated; else what the fits' last checkpoints hold. */
  weights: WeightValues;
  /** Weights or files by architecture, where the run was given others than its graph names. */
  overrides: Readonly<Record<string, string>>;
  /** Whether these are its last. */
  isDone: boolean;
}

/**
 * Reads what a run has fitted of a category; imported weights are none of it.
 * Throws `no-run`, `run-folder-corrupt`, `which-category`, `unknown-category`.
 */
export async function readFittedSoFar(path: string, asked: string | undefined, registry: Registry): Promise<FittedSoFar> {
  const folder = new RunFolder(path);
  const manifest = await readManifest(folder);
  const category = chosenCategory(manifest, path, asked);
  const { plan } = compile(await readDocument(folder, registry), registry);
  const file = folder.categoryFile(category, 'fitted.safetensors');
  const isDone = existsSync(file);
  const weights = isDone ? await readFitted(file, plan, manifest.identity) : await fromCheckpoints(folder, category, plan);
  return { plan, weights, overrides: manifest.overrides.weights, isDone };
}

/** Checkpoints are replaced, and removed, while they are read: one that is not there or not whole is passed over. */
async function fromCheckpoints(folder: RunFolder, category: string, plan: Plan): Promise<WeightValues> {
  const files = await glob('*.last.safetensors', { cwd: folder.categoryFile(category, 'checkpoints'), absolute: true, expandDirectories: false });
  const found: WeightValues = {};
  for (const file of files) {
    const content = await readSafetensorsContent(file).catch(() => null);
    for (const node of plan.nodes.values()) {
      if (node.definition.pretrained) continue;
      for (const { name, shape } of node.weights) {
        const full = weightName(node.id, name);
        const value = content?.tensors.get(full);
        if (value?.shape.join() === shape.join()) found[full] = value;
      }
    }
  }
  return found;
}
