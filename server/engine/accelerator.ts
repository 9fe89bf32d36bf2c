import { existsSync, readdirSync } from 'node:fs';
import { spawnSync } from 'node:child_process';

/** Names of the NVIDIA GPUs that the driver shows; empty where there is no driver or no GPU. */
export function nvidiaGpus(): string[] {
  const { status, stdout } = spawnSync('nvidia-smi', ['--query-gpu=name', '--format=csv,noheader'], { encoding: 'utf8' });
  if (status === 0) return stdout.split('\n').map((line) => line.trim()).filter(Boolean);
  if (process.platform !== 'linux' || !existsSync('/dev')) return [];
  return readdirSync('/dev').filter((name) => /^nvidia\d+$/.test(name));
}
