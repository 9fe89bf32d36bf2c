import type { Engine } from '../../../server/engine/load.ts';
import type { RunRequest } from '../../../server/runs/run.ts';
import { distilGraph, trialPacks, trialRegistry } from '../runtime/trial-graphs.ts';

/** A run of the small graph that fits two students. */
export function trialRequest(engine: () => Promise<Engine>, given: Pick<RunRequest, 'data' | 'out'> & Partial<RunRequest>): RunRequest {
  return {
    document: distilGraph({ fit: { batch: 4, epochs: 3 } }),
    registry: trialRegistry,
    packs: trialPacks,
    categories: [],
    seed: 0,
    epochs: null,
    weights: {},
    settings: {},
    mode: 'native',
    featureBudget: 2 ** 20,
    offline: true,
    engine,
    onProgress: () => {},
    emit: () => {},
    ...given,
  };
}
