import { defineSchedule, type ScheduleSettings } from '../../sdk/index.ts';

/** What it remembers; `best` is null before the first epoch. */
export interface PlateauMemory {
  rate: number;
  best: number | null;
  badEpochs: number;
}

/** PyTorch's `ReduceLROnPlateau` with its default relative threshold. */
export const plateau = defineSchedule<ScheduleSettings & { kind: 'plateau' }, PlateauMemory>({
  name: 'plateau',
  title: 'reduce on plateau',
  example: { kind: 'plateau', factor: 0.1, patience: 10, minimum: 0 },
  begin: (_, base) => ({ rate: base, best: null, badEpochs: 0 }),
  rate: (_, { rate }) => rate,
  afterEpoch({ factor, patience, minimum }, memory, validationLoss) {
    if (memory.best === null || validationLoss < memory.best * (1 - 1e-4)) return { ...memory, best: validationLoss, badEpochs: 0 };
    const badEpochs = memory.badEpochs + 1;
    if (badEpochs <= patience) return { ...memory, badEpochs };
    return { ...memory, rate: Math.max(memory.rate * factor, minimum), badEpochs: 0 };
  },
});
