import { z } from 'zod';
import type { Problem } from '../../plugins/sdk/index.ts';
import { askedSchema } from './asked.ts';

export const jobStates = ['queued', 'running', 'paused', 'done', 'failed', 'cancelled'] as const;
export type JobState = (typeof jobStates)[number];

export const problemSchema = z.looseObject({
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  message: z.string(),
}) as unknown as z.ZodType<Problem>;

/** One process that worked at a job. */
const attemptSchema = z.object({
  started: z.string(),
  ended: z.string().nullable(),
  /** How it ended; null while it works, and of one that nobody has seen the end of. */
  outcome: z.enum(['done', 'failed', 'stopped', 'died']).nullable(),
  problem: problemSchema.nullable(),
});
export type Attempt = z.output<typeof attemptSchema>;

export const jobSchema = z.object({
  /** Version of this form. */
  stillroom: z.literal(1),
  name: z.string(),
  state: z.enum(jobStates),
  /** The larger the sooner; of equal ones the one asked for first. */
  priority: z.int(),
  created: z.string(),
  changed: z.string(),
  /** The kept graph that it was asked of, and its revision. */
  graph: z.object({ id: z.string(), revision: z.int() }).nullable(),
  asked: askedSchema,
  attempts: z.array(attemptSchema),
  /** Why it failed. */
  problem: problemSchema.nullable(),
});

/** A run that the server was asked for, as it is kept in `job.json` of the run's folder. */
export type JobRecord = z.output<typeof jobSchema>;

/** Nothing will become of it by itself. */
export const isOver = (state: JobState): boolean => state === 'done' || state === 'failed' || state === 'cancelled';
