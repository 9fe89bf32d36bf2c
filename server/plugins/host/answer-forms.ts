import { z } from 'zod';
import { StillroomError } from '../../../plugins/sdk/index.ts';
import { explain } from '../../graph/explain.ts';
import { placeIn } from './faults.ts';
import type { Ask, CallName } from './messages.ts';

const numbers = z.array(z.number());
const problem = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  hint: z.string().optional(),
  socket: z.string().optional(),
  field: z.string().optional(),
});
const signal = z.strictObject({ type: z.string(), shape: numbers, stride: z.number().optional(), image: z.tuple([z.number(), z.number()]).optional(), centred: z.boolean().optional() });
const sockets = z.record(z.string(), z.looseObject({ type: z.string(), title: z.string().optional(), optional: z.boolean().optional() }));
const weight = z.looseObject({
  name: z.string(),
  shape: numbers,
  layout: z.enum(['kernel', 'depthwise', 'plain']),
  role: z.enum(['trainable', 'frozen', 'statistic', 'calibrated']),
  init: z.looseObject({ kind: z.string() }),
});
const record = z.record(z.string(), z.unknown());

/** What functions of definitions give, as far as others rely on it. */
const forms: Record<CallName, z.ZodType> = {
  inputs: sockets,
  outputs: sockets,
  infer: z.object({ outputs: z.record(z.string(), signal), problems: z.array(problem), costs: z.array(z.record(z.string(), z.number().min(0))) }),
  weights: z.array(weight),
  parse: z.union([z.object({ value: z.unknown() }), z.object({ issues: z.array(z.looseObject({ code: z.string() })) })]),
  migrate: record,
  pretrained: z.looseObject({ architecture: z.string(), weights: z.string() }),
  dataset: z.looseObject({ path: z.string(), validationShare: z.number() }),
  geometry: z.looseObject({ mode: z.enum(['crop', 'whole', 'letterbox', 'tiles']), size: z.tuple([z.number(), z.number()]) }),
  fit: z.looseObject({ optimiser: record, learningRate: z.number(), schedule: record, epochs: z.number(), batch: z.number(), keep: z.enum(['best', 'last']), earlyStop: z.number() }),
  sink: z.looseObject({ name: z.string(), kind: z.enum(['score', 'map']) }),
  describe: z.string().max(80, 'expected at most 80 letters'),
  calibrate: z.looseObject({ images: z.enum(['validation', 'train']) }),
};

/** Throws `plugin-answer-invalid` where a plugin's function gives what it may not. */
export function mustBeAnswer(ask: Ask, value: unknown): unknown {
  const { error } = forms[ask.call].safeParse(value);
  if (!error) return value;
  const [first] = explain(error, value);
  const where = first!.path.length ? ` at ${first!.path.join(' › ')}` : '';
  throw new StillroomError('plugin-answer-invalid', `expected ${placeIn(ask)} to give what it promises; ${first!.message}${where}`, {
    hint: `this is a defect of ${ask.plugin}: report it to its authors`,
  });
}
