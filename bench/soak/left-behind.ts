import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isLeftover } from '../../server/atomic-file.ts';

/** Processes of ours that belong to a home: those begun by `server/processes/entry.js` with it as their `STILLROOM_HOME`. */
export function processesOf(home: string): { pid: number; command: string }[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      const isOurs = command.includes('processes/entry.js') && readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`STILLROOM_HOME=${home}`);
      return isOurs ? [{ pid: Number(pid), command }] : [];
    } catch {
      // It has ended while we looked.
      return [];
    }
  });
}

/** Files below a folder that a killed write has left, and records that were set aside as torn. */
export function leftoversIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(({ name }) => isLeftover(name) || name.endsWith('.tmp') || name.includes('.broken-') || name.endsWith('.taken-over') || name.endsWith('.unusable'))
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));
}
