import { z } from 'zod';
import type { EngineState } from '../../engine/keeper.ts';
import { route, type Route } from '../route.ts';
import type { Services } from '../services.ts';
import { locatedProblem } from '../located-problem.ts';

const engineState = z
  .object({
    state: z.enum(['absent', 'installing', 'ready', 'failed']),
    progress: z
      .object({
        stage: z.enum(['wait', 'download', 'verify', 'unpack', 'compile', 'prove']),
        subject: z.string().describe('What the stage works on.'),
        done: z.number(),
        total: z.number().optional().describe('Where it is known.'),
        unit: z.enum(['bytes', 'steps']),
      })
      .optional(),
    problem: locatedProblem.optional().describe('Why it could not be had.'),
    details: z
      .object({
        directory: z.string(),
        source: z.enum(['named', 'wheel', 'prebuilt']),
        because: z.string().describe('Why this engine and no other.'),
        version: z.string().optional().describe("TensorFlow's."),
        variant: z.enum(['cpu', 'gpu']).optional(),
        made: z.string().optional().describe('When, ISO 8601.'),
      })
      .optional(),
  })
  .meta({ id: 'Engine' });

/** TensorFlow, which runs compute with: whether it is there, and having it installed. The topic `engine` tells the same. */
export function engineRoutes({ engine }: Pick<Services, 'engine'>): Route[] {
  return [
    route({
      operation: 'readEngine',
      method: 'get',
      path: '/engine',
      tag: 'engine',
      summary: 'Whether there is something to compute with, and how far its installation is',
      answer: engineState,
      handle: () => engineJson(engine.state),
    }),
    route({
      operation: 'installEngine',
      method: 'post',
      path: '/engine/install',
      tag: 'engine',
      summary: 'Install the engine in the background, unless that goes on already; what was fetched whole is kept',
      body: z.object({
        device: z.enum(['cpu', 'gpu']).optional().describe('What the driver shows where absent.'),
        again: z.boolean().default(false).describe('Make it again even where there is one.'),
      }),
      answer: engineState,
      status: 202,
      handle: ({ body: { device, again } }) => engineJson(engine.install({ again, ...(device === undefined ? {} : { gpu: device === 'gpu' }) })),
    }),
  ];
}

/** As clients see it; the list of an engine's files is left out. */
export function engineJson({ location, ...rest }: EngineState): z.output<typeof engineState> {
  if (!location) return rest;
  const { directory, source, because, manifest } = location;
  const made = manifest && { version: manifest.version, variant: manifest.variant, made: manifest.made };
  return { ...rest, details: { directory, source, because, ...made } };
}
