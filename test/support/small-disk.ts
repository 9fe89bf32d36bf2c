import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Need } from './needs.ts';

const mount = (...args: string[]): boolean => spawnSync('mount', args, { stdio: 'ignore' }).status === 0;
const unmount = (path: string): boolean => spawnSync('umount', ['-l', path], { stdio: 'ignore' }).status === 0;

/** A right to mount, which root has on Linux. */
export function mountNeed(): Need {
  const path = mkdtempSync(join(tmpdir(), 'stillroom-mount-'));
  const met = process.platform === 'linux' && mount('-t', 'tmpfs', '-o', 'size=64k', 'none', path);
  if (met) unmount(path);
  rmSync(path, { recursive: true, force: true });
  return { name: 'right to mount a disk', met, required: false };
}

export interface SmallDisk {
  path: string;
  /** Makes it a disk of so many kB; what is on it stays. */
  resize(kilobytes: number): void;
  /** Leaves no room on it, whatever is written to it meanwhile. */
  fill(): void;
  setReadOnly(isReadOnly: boolean): void;
}

/** A disk in memory of the test file's own, gone when its tests are done. */
export function smallDisk(kilobytes: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'stillroom-disk-'));
  const must = (isDone: boolean): void => {
    if (!isDone) throw new Error(`${path} cannot be mounted so`);
  };
  const remount = (size: number): boolean => mount('-o', `remount,size=${size}k`, path);
  const used = (): number => {
    const { blocks, bavail, bsize } = statfsSync(path);
    return Math.ceil(((blocks - bavail) * bsize) / 1024);
  };
  must(mount('-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'none', path));
  afterAll(() => {
    unmount(path);
    rmSync(path, { recursive: true, force: true });
  });
  return {
    path,
    resize: (to) => must(remount(to)),
    fill() {
      // It cannot be made smaller than what has been written since it was looked at.
      for (let tries = 0; !remount(used()); tries++) must(tries < 100);
    },
    setReadOnly: (isReadOnly) => must(mount('-o', `remount,${isReadOnly ? 'ro' : 'rw'}`, path)),
  };
}
