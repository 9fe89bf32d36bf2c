/** Where a fit stands when a rate is asked for. */
export interface ScheduleMoment {
  /** The fit's learning rate. */
  base: number;
  /** Counted from 0 over the whole fit. */
  step: number;
  /** Of the whole fit, if it is not stopped early. */
  steps: number;
}

/**
 * How the learning rate moves during a fit. A fit names it by `FitSettings.schedule.kind`, and the rest of those settings
 * is `S`; `M` is what it remembers between epochs. Both are plain data: memories are saved in checkpoints, as JSON.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- schedules of all settings in one list
export interface Schedule<S = any, M = any> {
  /** `<plugin>/<schedule>`; stable, as it stands in the identity of runs. Those that come with Stillroom are one word. */
  name: string;
  title: string;
  /** Source: paper, section, equation. */
  cite?: string;
  /** Settings as somebody may choose them: what the conformance kit tries it with. */
  example: S;
  /** What it remembers at the start; null where it is absent. */
  begin?(settings: S, base: number): M;
  /** The rate of a step: finite, 0 or more. Pure. */
  rate(settings: S, memory: M, at: ScheduleMoment): number;
  /** What it remembers after an epoch that ended with this validation loss; the same as before where it is absent. Pure. */
  afterEpoch?(settings: S, memory: M, validationLoss: number): M;
}

/** Declares a schedule. Only gives it the types of its settings and its memory; nothing happens here. */
export const defineSchedule = <S, M = null>(schedule: Schedule<S, M>): Schedule<S, M> => schedule;
