import type { EngineProgress } from '../engine/progress.ts';
import { loadEngine } from '../engine/load.ts';
import { loadPacks } from '../plugins/open-packs.ts';
import type { PackSource } from '../plugins/plugin-entry.ts';
import { doErrand } from '../processes/errand.ts';
import { addWeights } from './add.ts';
import { checkWeights } from './check/check-weights.ts';
import { describeCheck } from './check/describe-check.ts';
import { coverageProblems } from './coverage-problems.ts';
import { fetchAddress } from './fetch-address.ts';
import { openWeightsRegistry } from './registry.ts';
import { resolveWeights } from './resolve.ts';

/** What a process that works with weights is ordered. */
export type WeightsOrder = {
  packs: PackSource;
} & ({ do: 'download' | 'check'; architecture: string; name: string } | { do: 'fetch'; address: string; file: string; mostBytes: number } | { do: 'add'; name: string; file: string; architecture?: string });

doErrand<WeightsOrder, EngineProgress, unknown>(async (order, tell) => {
  const { packs } = await loadPacks(order.packs);
  const registry = await openWeightsRegistry(packs);
  let stage = '';
  const onProgress = (progress: EngineProgress): void => {
    tell(progress, progress.stage !== stage || progress.done === progress.total);
    stage = progress.stage;
  };
  if (order.do === 'add') {
    const { entry, ...coverage } = await addWeights(registry, order.name, order.file, order.architecture === undefined ? {} : { architecture: order.architecture });
    return { name: entry.name, ...coverage, problems: coverageProblems(coverage, order.file) };
  }
  if (order.do === 'fetch') {
    await fetchAddress(order.address, order.file, order.mostBytes, onProgress);
    return null;
  }
  if (order.do === 'download') {
    await resolveWeights(registry, order.architecture, order.name, { onProgress });
    return null;
  }
  const weights = await resolveWeights(registry, order.architecture, order.name, { offline: true });
  const found = checkWeights(await loadEngine(), packs, registry, weights);
  return describeCheck(weights, { ...found, problems: [...coverageProblems(found, weights.file), ...found.problems] });
});
