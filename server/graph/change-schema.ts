import { z } from 'zod';
import { RESERVED } from './json.ts';

/** The form of a change, for what comes from a file or over the network. */
export const changeSchema = z
  .object({
    path: z
      .array(z.string().min(1).refine((key) => !RESERVED.has(key), { message: 'expected a name of your own, found one that every object has' }))
      .min(1)
      .describe('Keys from the outside in; an edge goes by the input that it leads to, a frame or a note by its id.'),
    before: z.unknown().optional().describe('What the change was made on; absent where nothing was.'),
    after: z.unknown().optional().describe('What it puts there; absent to take it away.'),
  })
  .meta({ id: 'Change' });
