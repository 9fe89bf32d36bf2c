import type { ScheduleSettings } from '../../plugins/sdk/index.ts';

/** What a schedule remembers between epochs; small, and kept in checkpoints. */
export interface ScheduleState {
  rate: number;
  best: number;
  badEpochs: number;
}

export function startSchedule(baseRate: number): ScheduleState {
  return { rate: baseRate, best: Number.POSITIVE_INFINITY, badEpochs: 0 };
}

/** The learning rate of a step; `step` counts from 0 over the whole fit of `steps`. */
export function rateOf(schedule: ScheduleSettings, state: ScheduleState, base: number, step: number, steps: number): number {
  return schedule.kind === 'one-cycle' ? oneCycle(base, base * schedule.peak, schedule.warmUp, step, steps) : state.rate;
}

/** The state after an epoch that ended with this validation loss. */
export function afterEpoch(schedule: ScheduleSettings, state: ScheduleState, validationLoss: number): ScheduleState {
  if (schedule.kind !== 'plateau') return state;
  // PyTorch's ReduceLROnPlateau with its default relative threshold.
  if (validationLoss < state.best * (1 - 1e-4)) return { ...state, best: validationLoss, badEpochs: 0 };
  const badEpochs = state.badEpochs + 1;
  if (badEpochs <= schedule.patience) return { ...state, badEpochs };
  return { ...state, rate: Math.max(state.rate * schedule.factor, schedule.minimum), badEpochs: 0 };
}

/** PyTorch's `OneCycleLR` with cosine annealing: from the base to the peak, then to a ten-thousandth of the base. */
function oneCycle(base: number, peak: number, warmUp: number, step: number, steps: number): number {
  const end = base / 1e4;
  const top = warmUp * steps - 1;
  const last = steps - 1;
  if (step <= top) return cosine(base, peak, top > 0 ? step / top : 1);
  return cosine(peak, end, last > top ? (step - top) / (last - top) : 1);
}

function cosine(from: number, to: number, share: number): number {
  return to + ((from - to) / 2) * (1 + Math.cos(Math.PI * share));
}
