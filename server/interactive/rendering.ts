import { z } from 'zod';
import { colourMaps } from '../runs/colour-maps.ts';

const kind = <K extends string>(name: K): z.ZodObject<{ kind: z.ZodLiteral<K> }> => z.object({ kind: z.literal(name) });

const colours = z.enum(colourMaps).optional().describe('How numbers become colours; inferno where absent. Turbo is not even to the eye.');

/** How a value is shown. */
export const renderingSchema = z
  .discriminatedUnion('kind', [
    kind('auto').extend({ colours }).describe('As its type is looked at best: image, channels, map or score.'),
    kind('image').describe('Three channels as RGB; values beyond 0–1 are stretched from the smallest to the largest.'),
    kind('channels')
      .extend({
        count: z.int().min(1).max(256).default(16).describe('At most so many.'),
        order: z.enum(['first', 'strongest']).default('strongest').describe('Strongest: of the largest mean magnitude.'),
      })
      .describe('Channels beside one another, each from its own smallest value to its largest.'),
    kind('mean').extend({ colours }).describe('The mean over channels, in colours.'),
    kind('pca').describe('The three directions in which the channels vary most, as RGB.'),
    kind('map')
      .extend({ low: z.number().optional(), high: z.number().optional(), colours })
      .describe('One channel in colours, from `low` to `high`, which are its smallest and largest value where absent.'),
    kind('histogram').extend({ bins: z.int().min(1).max(1024).default(64) }).describe('How often which values are found.'),
    kind('score').describe('The number.'),
    kind('raw').describe('The values as they are, float32, as NumPy keeps them.'),
  ])
  .meta({ id: 'Rendering' });
export type Rendering = z.output<typeof renderingSchema>;

export interface Range {
  low: number;
  high: number;
}

/** What is shown of a value, with what has to be said of it. */
export type Rendered =
  | { kind: 'image'; picture: Picture; range: Range }
  | { kind: 'mean' | 'map'; picture: Picture; range: Range; colours: string[] }
  | { kind: 'channels'; picture: Picture; channels: number[]; columns: number; tile: { height: number; width: number }; gap: number }
  | { kind: 'pca'; picture: Picture; explained: number[] }
  | ({ kind: 'histogram' } & Histogram)
  | { kind: 'score'; score: number }
  | { kind: 'raw'; picture: Picture };

/** What is sent as a file of its own. */
export interface Picture {
  media: 'image/png' | 'application/octet-stream';
  bytes: Uint8Array;
  /** Of a PNG, px. */
  size?: { height: number; width: number };
}

export interface Histogram {
  /** The ends of the first and the last bin; all are of one width. */
  low: number;
  high: number;
  counts: number[];
  mean: number;
  /** Standard deviation, of all values. */
  deviation: number;
  /** Values that are none: infinite or not a number. They are in no bin and no mean. */
  notFinite: number;
}
