import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { isAlive } from '../atomic-file.ts';

/**
 * What tells a process from every other one, where the system says it: numbers of processes are given again, after a
 * restart and in containers soon. No time of day is part of it, so that a changed clock makes no process another.
 */
export interface ProcessMark {
  pid: number;
  host: string;
  /** Which start of the machine it lives in. */
  boot?: string | undefined;
  /** When it began, in ticks since that start. */
  began?: string | undefined;
  /** The space that its number counts in; a container has one of its own. */
  space?: string | undefined;
}

/** Linux alone tells them. */
function said<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}

const bootOf = (): string | undefined => said(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
const spaceOf = (): string | undefined => said(() => readlinkSync('/proc/self/ns/pid'));
/** The 22nd field of `stat`; the second, a name in brackets, may hold anything. */
const beganOf = (pid: number): string | undefined =>
  said(() => readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').trim().split(' ')[19]);

export function markOf(pid: number): ProcessMark {
  return { pid, host: hostname(), boot: bootOf(), began: beganOf(pid), space: spaceOf() };
}

/** Whether the process may still be there: false only where that is certain. */
export function mayBeAlive(mark: ProcessMark): boolean {
  if (mark.host !== hostname()) return true;
  const here = markOf(mark.pid);
  if (mark.boot && here.boot && mark.boot !== here.boot) return false;
  if (mark.space && here.space && mark.space !== here.space) return true;
  if (mark.began && here.began && mark.began !== here.began) return false;
  return isAlive(mark.pid);
}
