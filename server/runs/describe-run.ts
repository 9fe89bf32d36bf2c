import { uninspectedShare, type Problem } from '../../plugins/sdk/index.ts';
import type { Plan } from '../compiler/plan.ts';
import type { Dataset } from '../data/dataset.ts';
import { readManifest as readDemoManifest } from '../data/demo/manifest.ts';
import { hashDataset } from '../data/hash.ts';
import type { Engine } from '../engine/load.ts';
import { identityOf } from '../graph/identity.ts';
import type { Registry } from '../graph/registry.ts';
import { neededBy } from '../graph/requires.ts';
import { describeMachine, identityOfRun, timestamp, type Manifest } from './manifest.ts';
import { version } from '../version.ts';
import type { RunRequest } from './run.ts';
import { scoredFill } from './scored-fill.ts';
import { sourceFingerprint } from './source-fingerprint.ts';

/** Of plugins that are being worked at: what tells their code from other code of the same version. */
function stampsOf(registry: Registry, plugins: readonly (readonly [name: string, version: string])[]): string[] {
  const needed = new Set(plugins.map(([name]) => name));
  const from = registry.definitions.map(({ type }) => registry.pluginOf(type));
  return [...new Set(from.flatMap((plugin) => (plugin?.stamp !== undefined && needed.has(plugin.name) ? [plugin.stamp] : [])))].sort();
}

/** The manifest of a run that is about to begin. */
export async function describeRun(
  request: RunRequest,
  plan: Plan,
  dataset: Dataset,
  weights: Manifest['weights'],
  engine: Engine,
  warnings: readonly Problem[],
): Promise<Manifest> {
  const logic = identityOf(request.document, request.registry);
  const plugins = Object.entries(pluginsOf(request, plan));
  const data = await hashDataset(dataset.categories);
  const engineName = `${engine.library.version} ${engine.device} ${request.mode}`;
  return {
    stillroom: version,
    status: 'running',
    started: timestamp(),
    resumed: [],
    ended: null,
    problem: null,
    identity: identityOfRun({ logic, data, weights, seed: request.seed, epochs: request.epochs, engine: engineName, code: [sourceFingerprint(), ...plugins.map((one) => one.join('@')), ...stampsOf(request.registry, plugins)].join(' ') }),
    graph: { name: request.document.name, logic, ...(plugins.length ? { requires: Object.fromEntries(plugins) } : {}) },
    fits: Object.fromEntries(plan.fits.map(({ node, settings }) => [node, settings])),
    overrides: { epochs: request.epochs, set: { ...request.settings }, weights: { ...request.weights } },
    seed: request.seed,
    data: {
      root: dataset.root,
      layout: dataset.layout,
      sha256: data,
      generated: (await readDemoManifest(dataset.root)) !== undefined,
      categories: {},
      uninspected: Object.fromEntries(plan.predict.sinks.map((s) => [s.name, uninspectedShare(s.source.geometry)])),
    },
    weights,
    engine: { version: engine.library.version, source: engine.library.source, device: engine.device, mode: request.mode },
    machine: describeMachine(),
    warnings: [...warnings, ...dataset.problems, ...scoredFill(plan.predict.sinks, dataset.categories)],
    timings: {},
  };
}

/** Versions of the plugins that its nodes come from, and what its fits name, by name. */
function pluginsOf({ document, registry }: RunRequest, { fits }: Plan): Record<string, string> {
  const named = fits.flatMap(({ optimiser, schedule }) => [optimiser, schedule]).flatMap(({ name }) => registry.pluginOf(name) ?? []);
  const all = { ...neededBy(document, registry), ...Object.fromEntries(named.map(({ name, version }) => [name, version])) };
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
}
