import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';

/**
 * Tests that need something a stranger's machine may lack are skipped there, saying what was missing; with
 * `STILLROOM_REQUIRE=all` (continuous integration) the lack is a failure. Development data beside the clone
 * (`../shared`) is never required.
 */
export interface Need {
  name: string;
  met: boolean;
  required: boolean;
}

const required = process.env['STILLROOM_REQUIRE'] === 'all';
const shared = fileURLToPath(new URL('../../../shared/', import.meta.url));

export const needs = {
  /** Python 3 with these modules. */
  python(...modules: string[]): Need {
    const { status } = spawnSync('python3', ['-c', modules.map((m) => `import ${m}`).join('\n')], { stdio: 'ignore' });
    return { name: modules.length ? `python3 with ${modules.join(', ')}` : 'python3', met: status === 0, required };
  },
  program(command: string): Need {
    const { error } = spawnSync(command, ['--version'], { stdio: 'ignore' });
    return { name: command, met: !error, required };
  },
  /** A file or folder of the development data. */
  shared(path: string): Need {
    return { name: `shared/${path}`, met: existsSync(shared + path), required: false };
  },
};

export function sharedPath(path: string): string {
  return shared + path;
}

/** `describe`, skipped with the reason in its title where a need is not met. */
export function describeWith(need: Need | Need[], title: string, body: () => void): void {
  const missing = [need].flat().filter((n) => !n.met);
  if (missing.length === 0) describe(title, body);
  else if (missing.some((n) => n.required)) {
    throw new Error(`${title}: needs ${missing.map((n) => n.name).join(', ')}`);
  } else describe.skip(`${title} (skipped: no ${missing.map((n) => n.name).join(', ')})`, body);
}
