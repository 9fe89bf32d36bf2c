import { basename } from 'node:path';
import type { ExportedNode, FinishedRun, Pack } from '../../plugins/sdk/index.ts';
import type { Registry } from '../graph/registry.ts';
import { openFinishedRun } from '../predict/finished-run.ts';
import { mustBeDone, readManifest } from '../predict/read-run.ts';
import { readRun } from '../runs/run-record.ts';
import { RunFolder } from '../runs/run-folder.ts';
import { weightName } from '../runtime/assemble.ts';

export interface RunToExportOptions {
  registry: Registry;
  packs: readonly Pack[];
  /** Whether weights that are not on this machine may not be fetched. */
  offline: boolean;
  /** This category alone. */
  category?: string;
}

/**
 * Reads a run folder for an exporter. Throws `no-run`, `run-unfinished`, `run-folder-corrupt`; `nodes` of a category throws
 * what `openFinishedRun` throws.
 */
export async function runToExport(path: string, { category, ...options }: RunToExportOptions): Promise<FinishedRun> {
  const folder = new RunFolder(path);
  const manifest = await readManifest(folder);
  mustBeDone(manifest, folder);
  const names = Object.keys(manifest.data.categories);
  const { graph, metrics } = await readRun(path);
  // Reads it, and so says what is wrong with it, before anything is written.
  if (category !== undefined) await openFinishedRun(path, { ...options, category });
  return {
    name: basename(path),
    graph: structuredClone({ ...graph }),
    manifest: structuredClone(manifest),
    categories: (category === undefined ? names : [category]).map((name) => ({
      name,
      metrics: structuredClone({ ...metrics[name] }),
      nodes: () => nodesOf(path, { ...options, category: name }),
    })),
  };
}

async function nodesOf(path: string, options: Required<RunToExportOptions>): Promise<ExportedNode[]> {
  const { plan, titles, weights } = await openFinishedRun(path, options);
  return [...plan.nodes.values()].map((node) => ({
    id: node.id,
    type: node.definition.type,
    title: titles.get(node.id) ?? node.definition.title,
    params: structuredClone(node.params),
    weights: Object.fromEntries(
      node.weights.map(({ name, role }) => {
        const { shape, data } = weights[weightName(node.id, name)]!;
        return [name, { role, shape: [...shape], data: Float32Array.from(data) }];
      }),
    ),
  }));
}
