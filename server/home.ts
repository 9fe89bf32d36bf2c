import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import envPaths from 'env-paths';

const platform = envPaths('stillroom', { suffix: '' });

/** Where runs, graphs, settings and registered weights live: `$STILLROOM_HOME`, or the platform's data directory. */
export function homeDirectory(): string {
  return named('STILLROOM_HOME') ?? platform.data;
}

/** Where downloads and what can be made again live: `$STILLROOM_CACHE`, `$STILLROOM_HOME/cache`, or the platform's cache directory. */
export function cacheDirectory(): string {
  const home = named('STILLROOM_HOME');
  return named('STILLROOM_CACHE') ?? (home ? join(home, 'cache') : platform.cache);
}

/** What processes are to be started with that work for a home which the environment may not name. */
export function environmentOf(home: string): Record<string, string> {
  return { STILLROOM_HOME: home, STILLROOM_CACHE: cacheDirectory() };
}

function named(variable: string): string | undefined {
  const value = process.env[variable];
  if (!value) return undefined;
  return resolve(value.replace(/^~(?=$|\/)/, homedir()));
}
