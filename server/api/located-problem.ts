import { z } from 'zod';

/** A problem that was found, as part of an answer that is none. */
export const locatedProblem = z
  .object({
    code: z.string().describe('Stable; listed in docs/errors.md.'),
    severity: z.enum(['error', 'warning']),
    message: z.string(),
    node: z.string().optional(),
    socket: z.string().optional(),
    field: z.string().optional(),
    file: z.string().optional(),
    hint: z.string().optional(),
  })
  .meta({ id: 'LocatedProblem' });
