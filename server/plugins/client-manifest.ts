import { z } from 'zod';
import { pathInPackage } from './file-in-package.ts';

const namedOnce = (named: readonly { name: string }[]): boolean => new Set(named.map(({ name }) => name)).size === named.length;

const part = {
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, 'expected lower-case letters, digits and hyphens').describe('Its name in the plugin.'),
  title: z.string().min(1).describe('What people choose it by.'),
  module: pathInPackage.describe('An ES module without imports that exports, as its default, how it is mounted (`MountViewer`, `MountControl`).'),
};

const socketType = z.string().regex(/^(@[a-z0-9][\w.-]*\/)?[a-z][\w.-]*(\/[a-z][\w-]*)?$/i, 'expected a socket type such as "features"');

/** The `client` field of a manifest. */
export const clientSchema = z
  .strictObject({
    viewers: z
      .array(z.strictObject({ ...part, for: z.array(socketType).min(1).describe('Socket types whose values it shows.') }))
      .refine(namedOnce, 'expected each name once')
      .optional()
      .describe('Ways to look at what flows.'),
    controls: z.array(z.strictObject(part)).refine(namedOnce, 'expected each name once').optional().describe('Ways to set a parameter.'),
  })
  .describe('What it adds to the editor; each runs in a sandboxed frame of its own.');
