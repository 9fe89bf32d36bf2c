import { StillroomError, type FitSettings } from '../../plugins/sdk/index.ts';
import { didYouMean } from '../graph/nearest.ts';
import type { Registry } from '../graph/registry.ts';
import type { FitPlan } from './plan.ts';

/** What a fit's settings name. Throws `optimiser-unknown`, `schedule-unknown`, at the node. */
export function fitKinds({ optimiser, schedule }: FitSettings, registry: Registry, node: string): Pick<FitPlan, 'optimiser' | 'schedule'> {
  return {
    optimiser: registry.optimiser(optimiser.kind) ?? refuse('optimiser', optimiser.kind, registry, node),
    schedule: registry.schedule(schedule.kind) ?? refuse('schedule', schedule.kind, registry, node),
  };
}

function refuse(what: 'optimiser' | 'schedule', kind: string, registry: Registry, node: string): never {
  const names = registry.packs.flatMap(({ optimisers = [], schedules = [] }) => (what === 'optimiser' ? optimisers : schedules).map(({ name }) => name));
  throw new StillroomError(what === 'optimiser' ? 'optimiser-unknown' : 'schedule-unknown', `expected ${what === 'optimiser' ? 'an optimiser' : 'a schedule'} that is there, found "${kind}"`, {
    node,
    hint: registry.whyAbsent(kind) ?? didYouMean(kind, names, `install the plugin that brings it; there are ${names.join(', ') || 'none'}`),
  });
}
