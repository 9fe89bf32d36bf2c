import { createRequire } from 'node:module';

/** Stillroom's own version. */
export const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
