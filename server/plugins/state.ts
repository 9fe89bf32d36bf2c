import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Problem } from '../../plugins/sdk/index.ts';
import { writeFileAtomically } from '../atomic-file.ts';
import { pluginFolder } from './plugin-folder.ts';

const entrySchema = z.object({
  enabled: z.boolean().default(true),
  /** Why it was switched off by itself; null where a person did it. */
  reason: z.object({ code: z.string(), severity: z.enum(['error', 'warning']), message: z.string(), file: z.string().optional(), hint: z.string().optional() }).nullable().default(null),
  /** Of the package that it was installed from, as npm writes it: `sha512-…`. */
  integrity: z.string().nullable().default(null),
  /** What was asked for when it was installed: a name with a version, a file, a folder. */
  from: z.string().nullable().default(null),
});
const stateSchema = z.object({ plugins: z.record(z.string(), entrySchema) });

/** What a home keeps of a plugin besides its package. */
export type PluginState = z.output<typeof entrySchema>;

export const usualState: PluginState = { enabled: true, reason: null, integrity: null, from: null };

export const stateFile = (home: string): string => join(pluginFolder(home), 'state.json');

/** By the plugin's name; a file that cannot be read says nothing. */
export async function readPluginStates(home: string): Promise<Map<string, PluginState>> {
  const text = await readFile(stateFile(home), 'utf8').catch(() => '{}');
  try {
    return new Map(Object.entries(stateSchema.parse(JSON.parse(text)).plugins));
  } catch {
    return new Map();
  }
}

/** Changes what is kept of one plugin; null forgets it. */
export async function changePluginState(home: string, name: string, change: Partial<PluginState> | null): Promise<void> {
  const states = await readPluginStates(home);
  if (change === null) states.delete(name);
  else states.set(name, { ...usualState, ...states.get(name), ...change });
  const text = JSON.stringify({ plugins: Object.fromEntries([...states].sort(([a], [b]) => (a < b ? -1 : 1))) }, null, 2);
  await writeFileAtomically(stateFile(home), (handle) => handle.writeFile(`${text}\n`));
}

/** A problem as it is kept. */
export const keptReason = ({ code, severity, message, file, hint }: Problem): PluginState['reason'] => ({
  code,
  severity,
  message,
  ...(file === undefined ? {} : { file }),
  ...(hint === undefined ? {} : { hint }),
});
