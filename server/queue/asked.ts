import { z } from 'zod';

const setting = z.union([z.string().max(10_000), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()])).max(1000), z.null()]);

/** What a run is asked to do, whatever it is run on; the options of `stillroom run`. */
export const askedSchema = z.object({
  data: z.string().default('').describe('Folder of the images; empty for the one that the dataset node names.'),
  categories: z.array(z.string().max(255)).max(1000).default([]).describe('Only these; all where empty.'),
  onProblem: z.enum(['skip', 'refuse']).default('refuse').describe('Images that cannot be used: leave them out with a warning, or refuse the dataset.'),
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
  epochs: z.int().min(1).max(1_000_000).nullable().default(null).describe('Of every fit, instead of what the graph says.'),
  weights: z.record(z.string(), z.string()).default({}).describe('Name or file of weights, by architecture.'),
  set: z.record(z.string(), setting).default({}).describe('Parameters, as "node.parameter": value.'),
  mode: z.enum(['native', 'eager']).default('native'),
  featureMemory: z.int().min(0).max(1_000_000).nullable().default(1024).describe('Memory for frozen features kept across epochs, MB; null to keep none.'),
  patchMemory: z.int().min(0).max(10_000).default(32).describe('Memory for normal patches of each category, which "why here?" compares with, MB; 0 to keep none.'),
  offline: z.boolean().default(false).describe('Fetch nothing.'),
});

export type Asked = z.output<typeof askedSchema>;
