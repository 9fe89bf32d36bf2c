import { StillroomError, type Schedule, type ScheduleMoment } from '../../plugins/sdk/index.ts';

/** A schedule with the settings of one fit. Its functions throw `schedule-failed`, naming it. */
export interface FitSchedule {
  /** What it remembers at the start; plain data, kept in checkpoints. */
  begin(base: number): unknown;
  rate(memory: unknown, at: ScheduleMoment): number;
  afterEpoch(memory: unknown, validationLoss: number): unknown;
}

export function scheduleOf(schedule: Schedule, settings: unknown): FitSchedule {
  const remembered = (what: string, work: () => unknown): unknown => mustBePlain(schedule.name, what, asked(schedule.name, what, work));
  return {
    begin: (base) => (schedule.begin ? remembered('begin', () => schedule.begin!(settings, base)) : null),
    rate(memory, at) {
      const rate = asked(schedule.name, 'rate', () => schedule.rate(settings, memory, at));
      if (Number.isFinite(rate) && rate >= 0) return rate;
      throw failed(schedule.name, 'rate', `expected a finite rate from 0, found ${String(rate)} at step ${at.step + 1} of ${at.steps}`);
    },
    afterEpoch: (memory, loss) => (schedule.afterEpoch ? remembered('afterEpoch', () => schedule.afterEpoch!(settings, memory, loss)) : memory),
  };
}

/** What a checkpoint would give back: another fit goes on from that. */
function mustBePlain(name: string, what: string, memory: unknown): unknown {
  const text = asked(name, what, () => JSON.stringify(memory)) as string | undefined;
  if (text === undefined) throw failed(name, what, `expected plain data to be remembered, found ${typeof memory}`);
  return JSON.parse(text);
}

function asked<T>(name: string, what: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw failed(name, what, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function failed(name: string, what: string, why: string, cause?: unknown): StillroomError {
  return new StillroomError('schedule-failed', `expected ${what} of the schedule "${name}" to return what a fit needs, found that it failed: ${why}`, {
    hint: 'check its settings; if they are right, this is a defect of the plugin that brings it: report it to its authors',
    cause,
  });
}
